using System.Net;
using System.Text;
using Broker.Configuration;
using Broker.Connections;
using Broker.Core;
using Broker.Core.Ports;
using Broker.Core.Routing;
using Broker.Gateways.Mqtt;
using Broker.Gateways.PrivateTcp;
using Broker.Observability;
using Broker.Primitives;
using Microsoft.Extensions.Logging;

namespace Broker.Tests.Infrastructure;

/// <summary>A broker without sockets and with a clock that the test moves.</summary>
internal sealed class TestBroker : IDisposable
{
    private readonly LoggerFactory _loggers;
    private readonly PrivateTcpGateway _privateTcp;
    private readonly MqttGateway _mqtt;

    public TestBroker(Action<BrokerOptions>? configure = null, params IEnhancedAuthenticator[] enhancedAuthenticators)
    {
        configure?.Invoke(Options);
        _loggers = new LoggerFactory([Log], new LoggerFilterOptions { MinLevel = LogLevel.Debug });
        Broker = new MessageBroker(Options, Time, Metrics, Authenticator, Authorizer, enhancedAuthenticators, _loggers.CreateLogger<MessageBroker>());
        _privateTcp = new PrivateTcpGateway(Broker, _loggers.CreateLogger<PrivateTcpGateway>());
        _mqtt = new MqttGateway(Broker, _loggers.CreateLogger<MqttGateway>());
    }

    public BrokerOptions Options { get; } = new();

    public ManualTimeProvider Time { get; } = new();

    public BrokerMetrics Metrics { get; } = new();

    public LogLines Log { get; } = new();

    public ScriptedAuthenticator Authenticator { get; } = new();

    public ScriptedAuthorizer Authorizer { get; } = new();

    public MessageBroker Broker { get; }

    public ListenerOptions Listener { get; } = new();

    public InMemoryConnection OpenPrivateTcp(int outputLimit = 0) => Serve(outputLimit, _privateTcp.ServeAsync);

    public InMemoryConnection OpenMqtt(int outputLimit = 0) => Serve(outputLimit, _mqtt.ServeAsync);

    /// <summary>Publishes in the name of the broker.</summary>
    public void Publish(string topic, string payload, Qos qos = Qos.AtMostOnce, bool retain = false) =>
        Publish(topic, Encoding.UTF8.GetBytes(payload), qos, retain);

    public void Publish(string topic, byte[] payload, Qos qos = Qos.AtMostOnce, bool retain = false)
    {
        var message = new Message { Topic = Encoding.UTF8.GetBytes(topic), Payload = payload, Qos = qos, Retain = retain };
        using var batch = DeliveryBatch.Begin(Broker);
        Broker.Router.Publish(Publication.Of(message), batch);
    }

    public long Dropped(DropReason reason) => Metrics.MessagesDropped[(int)reason];

    public long Closed(CloseReason reason) => Metrics.ConnectionsClosed[(int)reason];

    public void Dispose()
    {
        Broker.Dispose();
        _loggers.Dispose();
    }

    private InMemoryConnection Serve(int outputLimit, Func<InMemoryConnection, ConnectionPeer, Task> serve)
    {
        var connection = new InMemoryConnection(outputLimit);
        connection.Served = serve(connection, new ConnectionPeer("test", Listener, IPEndPoint.Parse("192.0.2.7:5000"), null));
        return connection;
    }
}
