using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Conformance;

/// <summary>Messages of one publisher, topic and QoS stay in order.</summary>
internal sealed class OrderingTests : ConformanceFixture
{
    [TestCase(V311, 0)]
    [TestCase(V311, 1)]
    [TestCase(V311, 2)]
    [TestCase(V5, 0)]
    [TestCase(V5, 1)]
    [TestCase(V5, 2)]
    [Statement("3.1.1", "MQTT-4.6.0-5", "MQTT-4.6.0-6")]
    [Statement("5.0", "MQTT-4.6.0-5", "MQTT-4.6.0-6")]
    public void Through_a_small_window(MqttVersion version, int qos)
    {
        Server.Options.Mqtt.MaximumInflight = 3;
        MqttClient client = Persistent(version).Subscribed("a", (Qos)qos);
        MqttClient publisher = Connect(version, "publisher");
        var received = new List<string>();
        for (ushort number = 1; number <= 20; number++)
        {
            publisher.Publish("a", $"{number}", (Qos)qos, qos == 0 ? (ushort)0 : number);
            publisher.Acknowledge(PacketType.PubRel, number);
            Take(client, received);
        }

        while (Take(client, received))
        {
        }

        Assert.That(received, Is.EqualTo(Enumerable.Range(1, 20).Select(static number => $"{number}")));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-4.6.0-1", "MQTT-4.6.0-6")]
    [Statement("5.0", "MQTT-4.6.0-5")]
    public void Through_many_resumptions_with_a_small_window(MqttVersion version)
    {
        Server.Options.Mqtt.MaximumInflight = 2;
        MqttClient client = Persistent(version).Subscribed("a", Qos.AtLeastOnce);
        for (int number = 1; number <= 9; number++)
        {
            Server.Publish("a", $"{number}", Qos.AtLeastOnce);
        }

        var received = new List<string>();
        for (int round = 0; round < 9; round++)
        {
            client.Connection.Vanish();
            client = Resume(version);
            string first = client.Packets().First(static packet => packet.StartsWith("PUBLISH", StringComparison.Ordinal));
            received.Add(first.Split(' ')[2]);
            client.Acknowledge(PacketType.PubAck, ushort.Parse(first.Split('#')[1].Split(' ')[0], null));
        }

        Assert.That(received, Is.EqualTo(Enumerable.Range(1, 9).Select(static number => $"{number}")));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-4.6.0-6")]
    [Statement("5.0", "MQTT-4.6.0-5")]
    public void QoS_0_does_not_overtake_what_was_kept(MqttVersion version)
    {
        Server.Options.Sessions.QueueQos0 = true;
        Server.Options.Mqtt.MaximumInflight = 1;
        Persistent(version).Subscribed("a", Qos.AtLeastOnce).Connection.Vanish();
        Server.Publish("a", "one", Qos.AtLeastOnce);
        Server.Publish("a", "two", Qos.AtLeastOnce);
        Server.Publish("a", "old");
        MqttClient client = Resume(version);
        Server.Publish("a", "new");
        client.Acknowledge(PacketType.PubAck, 1);

        Assert.That(client.Packets(), Is.EqualTo(new[] { "CONNACK 00 present", "PUBLISH a one q1 #1", "PUBLISH a two q1 #2", "PUBLISH a old", "PUBLISH a new" }));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-4.6.0-6")]
    [Statement("5.0", "MQTT-4.6.0-5")]
    public async Task What_fits_does_not_overtake_what_had_to_wait_for_room(MqttVersion version)
    {
        const int Large = 40_000;
        Server.Options.Sessions.MaximumPendingBytes = 65_536;
        MqttClient client = MqttClient.Open(Server, "c1", version, outputLimit: 256).Subscribed("a", Qos.AtLeastOnce);
        int[] sizes = [300, Large, Large, 1]; // what the socket takes, what waits for it, what has no room there, what has
        int bytes = 0;
        for (int index = 0; index < sizes.Length; index++)
        {
            Server.Publish("a", new string((char)('1' + index), sizes[index]), Qos.AtLeastOnce);
            bytes += MqttWriter.PublishSize(version, 1, 0, sizes[index], Qos.AtLeastOnce);
        }

        string[] packets = await client.PacketsAsync(bytes);

        Assert.That(packets.Select(static packet => packet[..11]), Is.EqualTo(new[] { "PUBLISH a 1", "PUBLISH a 2", "PUBLISH a 3", "PUBLISH a 4" }));
    }

    // Takes what has arrived and completes it; false when nothing had.
    private static bool Take(MqttClient client, List<string> received)
    {
        string[] packets = client.Packets();
        foreach (string[] words in packets.Select(static packet => packet.Split(' ')))
        {
            if (words[0] == "PUBLISH")
            {
                received.Add(words[2]);
            }

            if (words.FirstOrDefault(static word => word[0] == '#') is { } id)
            {
                PacketType answer = words[0] == "PUBREL" ? PacketType.PubComp : words[3] == "q1" ? PacketType.PubAck : PacketType.PubRec;
                client.Acknowledge(answer, ushort.Parse(id[1..], null));
            }
        }

        return packets.Length > 0;
    }
}
