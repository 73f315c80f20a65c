using Broker.Connections;
using Broker.Core;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Broker.Gateways.Mqtt;

/// <summary>Serves MQTT 3.1, 3.1.1 and 5.0 on connections that a transport hands over.</summary>
internal sealed class MqttGateway(MessageBroker broker, ILogger<MqttGateway> logger)
{
    /// <summary>Serves one connection until it ends.</summary>
    public Task ServeAsync(ConnectionContext context, ConnectionPeer peer) =>
        PipeTransport.RunAsync(context, Create(peer), broker);

    /// <summary>A connection for a transport that feeds it by itself.</summary>
    public ClientConnection Create(ConnectionPeer peer) => new MqttConnection(broker, peer, logger);
}
