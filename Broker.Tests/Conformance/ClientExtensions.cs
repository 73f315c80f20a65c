using System.Text;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;

namespace Broker.Tests.Conformance;

/// <summary>What conformance tests do with a client beyond what other tests need.</summary>
internal static class ClientExtensions
{
    /// <summary>Sends a packet written as <see cref="PacketText"/>.</summary>
    public static MqttClient Send(this MqttClient client, byte first, string body)
    {
        client.Connection.Send(PacketText.Packet(first, body));
        return client;
    }

    /// <summary>The packets that have arrived, in hexadecimal.</summary>
    public static string[] Hex(this MqttClient client)
    {
        byte[] bytes = client.Connection.Received();
        var packets = new List<string>();
        for (int at = 0; at < bytes.Length;)
        {
            MqttFrame.TryRead(bytes.AsSpan(at), int.MaxValue, out MqttFrame frame, out _);
            packets.Add(Convert.ToHexString(bytes, at, frame.Length));
            at += frame.Length;
        }

        return [.. packets];
    }

    /// <summary>The properties of the next PUBLISH of 5.0 that has arrived.</summary>
    public static PublishProperties Properties(this MqttClient client)
    {
        MqttFrame.TryRead(client.Connection.Received(), int.MaxValue, out MqttFrame frame, out _);
        return PublishProperties.Read(PublishPacket.Read(frame, MqttVersion.V5, PacketSender.Server).Properties);
    }

    /// <summary>Topic and Topic Alias of each PUBLISH of 5.0 that has arrived.</summary>
    public static IEnumerable<(string Topic, ushort Alias)> PublishesOf5(this MqttClient client) => client.Hex().Select(static packet =>
    {
        MqttFrame.TryRead(Convert.FromHexString(packet), int.MaxValue, out MqttFrame frame, out _);
        PublishPacket publish = PublishPacket.Read(frame, MqttVersion.V5, PacketSender.Server);
        return (Encoding.UTF8.GetString(publish.Topic), publish.TopicAlias);
    });

    /// <summary>The CONNACK that has arrived.</summary>
    public static ConnAckPacket ConnAck(this MqttClient client, MqttVersion version)
    {
        MqttFrame.TryRead(client.Connection.Received(), int.MaxValue, out MqttFrame frame, out _);
        return ConnAckPacket.Read(frame, version);
    }
}
