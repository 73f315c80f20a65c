using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Gateways.Mqtt.Storage;
using Broker.Tests.Infrastructure;
using Broker.Tests.Protocols.Mqtt;
using NUnit.Framework;

namespace Broker.Tests.Conformance;

/// <summary>Whatever a client sends, it costs only its own connection.</summary>
internal sealed class RobustnessTests : ConformanceFixture
{
    [Test]
    public void Mutated_conversations_end_at_most_themselves()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        MqttClient other = Connect(V5, "other").Subscribed("quiet");
        for (int round = 0; round < 2000; round++)
        {
            MqttVersion version = random.Next(2) == 0 ? V311 : V5;
            InMemoryConnection connection = Server.OpenMqtt();
            byte[] bytes = Mutated(random, version);
            connection.Send(bytes);
            string what = $"seed {seed}, round {round}: {Convert.ToHexString(bytes)}";
            Assert.That(IsAStreamOfPackets(connection.Received()), what);
            Assert.That(Server.Closed(CloseReason.ConnectionError), Is.Zero, what);
            connection.Vanish();
            Assert.That(connection.IsClosed, what);
        }

        Server.Publish("quiet", "x");
        Assert.That(other.Packets().Where(static packet => packet.StartsWith("PUBLISH quiet x", StringComparison.Ordinal)), Is.Not.Empty);
    }

    [Test]
    public void Mutated_conversations_leave_a_store_that_opens_again()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        using var durable = new DurableBroker();
        durable.Store.CommitsAtOnce = true;
        MqttClient other = durable.Subscriber("other", "quiet", Qos.AtLeastOnce);
        for (int round = 0; round < 300; round++)
        {
            InMemoryConnection connection = durable.Broker.OpenMqtt();
            byte[] bytes = Mutated(random, random.Next(2) == 0 ? V311 : V5);
            connection.Send(bytes);
            string what = $"seed {seed}, round {round}: {Convert.ToHexString(bytes)}";
            Assert.That(durable.Broker.Closed(CloseReason.ConnectionError), Is.Zero, what);
            if (round % 30 == 0)
            {
                Assert.That(() => durable.Crash(), Throws.Nothing, what);
                durable.Store.CommitsAtOnce = true;
                other = durable.Open("other");
                Assert.That(other.Packets(), Is.EqualTo(new[] { "CONNACK 00 present" }), what);
            }
        }

        durable.Broker.Publish("quiet", "x", Qos.AtLeastOnce);
        Assert.That(other.Packets().Where(static packet => packet.StartsWith("PUBLISH quiet x", StringComparison.Ordinal)), Is.Not.Empty, $"seed {seed}");
    }

    [TestCase(V311)]
    [TestCase(V5)]
    public void Every_packet_may_come_byte_by_byte(MqttVersion version)
    {
        foreach ((MqttVersion _, string hex) in NamedPackets.FromClient.Where(one => one.Version == version))
        {
            byte[] packet = NamedPackets.Bytes(hex);
            bool connect = packet[0] == 0x10;
            MqttClient client = connect ? Open(version) : Connect(version, "drip");
            foreach (byte one in packet[..^1])
            {
                client.Connection.Send(one);
            }

            Assert.That((client.Packets().Length, client.IsClosed), Is.EqualTo((0, false)), hex);
            client.Connection.Send(packet[^1]);
            Assert.That(Server.Closed(CloseReason.MalformedPacket), Is.Zero, hex);
        }
    }

    [Test]
    public void A_slow_drip_before_CONNECT_is_cut_by_the_timeout()
    {
        MqttClient client = Open(V5);
        byte[] connect = NamedPackets.Bytes(NamedPackets.Connect5);
        foreach (byte one in connect)
        {
            client.Connection.Send(one);
            Server.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That((client.IsClosed, client.Hex(), Server.Closed(CloseReason.IdleTimeout)), Is.EqualTo((true, Array.Empty<string>(), 1L)));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    public void A_slow_drip_after_CONNECT_is_cut_by_the_keep_alive(MqttVersion version)
    {
        MqttClient client = Connect(version, change: static packet => packet.KeepAlive = 4);
        foreach (byte one in PacketText.Packet(0x30, $"'a' {NoProperties(version)} ~0123456789"))
        {
            client.Connection.Send(one);
            Server.Time.Advance(TimeSpan.FromSeconds(1));
        }

        AssertClosed(client, version, "8d");
    }

    [Test]
    public void Before_CONNECT_a_large_packet_is_refused_from_its_header()
    {
        MqttClient client = Open(V5);

        client.Connection.Send(0x10, 0xFF, 0xFF, 0x7F);

        Assert.That(client.IsClosed, Is.True);
        Assert.That(Server.Broker.Sessions.Count, Is.Zero);
    }

    [TestCase(V311)]
    [TestCase(V5)]
    public void Every_prefix_of_a_packet_followed_by_the_end_is_no_failure(MqttVersion version)
    {
        foreach ((MqttVersion _, string hex) in NamedPackets.FromClient.Where(one => one.Version == version))
        {
            byte[] packet = NamedPackets.Bytes(hex);
            for (int length = 0; length < packet.Length; length++)
            {
                MqttClient client = packet[0] == 0x10 ? Open(version) : Connect(version, "cut");
                client.Connection.Send(packet.AsSpan(0, length));
                client.Connection.Vanish();
                Assert.That((client.IsClosed, Server.Closed(CloseReason.ConnectionError)), Is.EqualTo((true, 0L)), $"{hex} cut at {length}");
            }
        }
    }

    // A CONNECT and some packets, all good; then some bytes changed, dropped, doubled or inserted.
    private static byte[] Mutated(Random random, MqttVersion version)
    {
        (MqttVersion Version, string Hex)[] packets = [.. NamedPackets.FromClient.Where(one => one.Version == version)];
        (MqttVersion Version, string Hex)[] connects = [.. packets.Where(static one => one.Hex.StartsWith("10", StringComparison.Ordinal))];
        List<byte> bytes = [.. NamedPackets.Bytes(connects[random.Next(connects.Length)].Hex)];
        int good = random.Next(4) == 0 ? 0 : bytes.Count;
        for (int count = random.Next(1, 6); count > 0; count--)
        {
            bytes.AddRange(NamedPackets.Bytes(packets[random.Next(packets.Length)].Hex));
        }

        for (int count = random.Next(1, 4); count > 0; count--)
        {
            int at = random.Next(Math.Min(good, bytes.Count - 1), bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                default:
                    bytes.RemoveAt(at);
                    break;
            }
        }

        return [.. bytes];
    }

    private static bool IsAStreamOfPackets(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (MqttFrame.TryRead(bytes, int.MaxValue, out MqttFrame frame, out _) != FrameStatus.Done)
            {
                return false;
            }

            bytes = bytes[frame.Length..];
        }

        return true;
    }
}
