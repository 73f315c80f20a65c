using System.Text;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Conformance;

/// <summary>A broker of its own for every test, and short ways to clients of either version.</summary>
internal abstract class ConformanceFixture
{
    protected const MqttVersion V31 = MqttVersion.V31;
    protected const MqttVersion V311 = MqttVersion.V311;
    protected const MqttVersion V5 = MqttVersion.V5;

    /// <summary>Enhanced authentication of the broker; answers as the test says.</summary>
    protected ScriptedExchange Exchange { get; private set; } = null!;

    protected TestBroker Server { get; private set; } = null!;

    [SetUp]
    public void OpenServer()
    {
        Exchange = new ScriptedExchange();
        Server = new TestBroker(null, Exchange);
    }

    [TearDown]
    public void CloseServer() => Server.Dispose();

    /// <summary>Body of a CONNECT up to its payload.</summary>
    protected static string Head(MqttVersion version, string flags, string keepAlive = "003C") =>
        $"{(version == V31 ? "'MQIsdp'" : "'MQTT'")} {(int)version:X2} {flags} {keepAlive} {NoProperties(version)} ";

    /// <summary>An empty property section, where the version has one.</summary>
    protected static string NoProperties(MqttVersion version) => version == V5 ? "00" : "";

    protected static string[] Goodbye(MqttVersion version, string code) => version == V5 ? [$"DISCONNECT {code}"] : [];

    /// <summary>A connection on which nothing has been sent.</summary>
    protected MqttClient Open(MqttVersion version) => new(Server.OpenMqtt(), version);

    /// <summary>A connected client; its CONNACK is taken.</summary>
    protected MqttClient Connect(MqttVersion version, string id = "c1", Action<ConnectPacket>? change = null) =>
        MqttClient.Connect(Server, id, version, clean: true, change);

    /// <summary>A client whose session is kept, with its CONNACK among the packets to read.</summary>
    protected MqttClient Resume(MqttVersion version, string id = "c1", bool clean = false, Action<ConnectPacket>? change = null) =>
        MqttClient.Open(Server, id, version, clean, packet =>
        {
            packet.SessionExpiryInterval = version == V5 ? 3600u : 0;
            change?.Invoke(packet);
        });

    /// <summary>A client whose session is kept; its CONNACK is taken.</summary>
    protected MqttClient Persistent(MqttVersion version, string id = "c1", Action<ConnectPacket>? change = null)
    {
        MqttClient client = Resume(version, id, clean: false, change);
        Assert.That(client.Packets(), Has.Length.EqualTo(1).And.All.StartsWith("CONNACK 00"));
        return client;
    }

    protected MqttClient Watcher(MqttVersion version, string filter, Qos qos = Qos.AtMostOnce) =>
        Connect(version, "watcher").Subscribed(filter, qos);

    protected static Action<ConnectPacket> WithWill(string topic = "will", string payload = "gone", Qos qos = Qos.AtMostOnce, bool retain = false) =>
        packet => packet.Will = new WillPacket
        {
            Topic = Encoding.UTF8.GetBytes(topic),
            Payload = Encoding.UTF8.GetBytes(payload),
            Qos = qos,
            Retain = retain,
        };

    /// <summary>The broker has closed this connection with this code and without touching others.</summary>
    protected static void AssertClosed(MqttClient client, MqttVersion version, string code) =>
        Assert.That((client.Packets(), client.IsClosed), Is.EqualTo((Goodbye(version, code), true)));
}
