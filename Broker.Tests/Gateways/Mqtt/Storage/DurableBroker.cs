using Broker.Configuration;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;

namespace Broker.Tests.Gateways.Mqtt.Storage;

/// <summary>A broker whose process can end at any moment, and that goes on with what was on disk.</summary>
internal sealed class DurableBroker : IDisposable
{
    private readonly Action<BrokerOptions>? _configure;
    private readonly ManualTimeProvider _time = new();

    public DurableBroker(Action<BrokerOptions>? configure = null)
    {
        _configure = configure;
        Broker = new TestBroker(Store, configure, _time);
    }

    public ScriptedStore Store { get; private set; } = new();

    public TestBroker Broker { get; private set; }

    public ManualTimeProvider Time => _time;

    /// <summary>A client with a session that outlives its connection.</summary>
    public MqttClient Connect(string clientId, uint expiry = 3600, Action<ConnectPacket>? change = null)
    {
        MqttClient client = Open(clientId, expiry, change);
        client.Packets();
        return client;
    }

    /// <summary>The same, with CONNACK not taken yet.</summary>
    public MqttClient Open(string clientId, uint expiry = 3600, Action<ConnectPacket>? change = null) =>
        MqttClient.Open(Broker, clientId, clean: false, change: packet =>
        {
            packet.SessionExpiryInterval = expiry;
            change?.Invoke(packet);
        });

    /// <summary>The same, subscribed, with all of it on disk.</summary>
    public MqttClient Subscriber(string clientId, string filter, Broker.Primitives.Qos qos, Action<ConnectPacket>? change = null)
    {
        MqttClient client = Connect(clientId, change: change);
        client.Subscribe(filter, new SubscriptionOptions { Qos = qos });
        Store.Commit();
        client.Packets();
        return client;
    }

    /// <summary>The process ends; the next one finds what was committed.</summary>
    public void Crash(TimeSpan downtime = default)
    {
        Store = Store.Crash();
        TestBroker ended = Broker;
        _time.Advance(downtime);
        Broker = new TestBroker(Store, _configure, _time);
        ended.Dispose();
    }

    public void Dispose() => Broker.Dispose();
}
