using System.Buffers;
using System.Text;
using Broker.Primitives;
using Broker.Protocols.Mqtt;

namespace Broker.Benchmarks.Attacks;

/// <summary>The MQTT 5.0 packets that attacks send and get.</summary>
internal static class AttackPackets
{
    /// <summary>A CONNECT with a password.</summary>
    public static ConnectPacket Connect(string clientId, string? user, string? password, WillPacket? will = null) => new()
    {
        Version = MqttVersion.V5,
        ClientId = clientId,
        CleanStart = true,
        KeepAlive = 60,
        Username = user,
        Password = password is null ? null : Encoding.UTF8.GetBytes(password),
        Will = will,
    };

    /// <summary>Encodes a PUBLISH.</summary>
    public static byte[] Publish(string topic, ReadOnlySpan<byte> payload, Qos qos = Qos.AtMostOnce, ushort packetId = 0, bool retain = false)
    {
        var name = Encoding.UTF8.GetBytes(topic);
        var packet = new byte[MqttWriter.PublishSize(MqttVersion.V5, name.Length, 0, payload.Length, qos)];
        MqttWriter.WritePublish(packet, MqttVersion.V5, name, payload, default, qos, retain, dup: false, packetId, null, 0, default, out _);
        return packet;
    }

    /// <summary>Encodes a SUBSCRIBE.</summary>
    public static byte[] Subscribe(ushort packetId, params string[] filters)
    {
        var output = new ArrayBufferWriter<byte>();
        MqttWriter.WriteSubscribe(
            output, MqttVersion.V5, packetId, [.. filters.Select(filter => (filter, new SubscriptionOptions { Qos = Qos.AtLeastOnce }))]);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Says what a packet is, with its reason code.</summary>
    public static string Describe(in MqttFrame frame) => frame.Type switch
    {
        PacketType.ConnAck => $"CONNACK 0x{(int)ConnAckPacket.Read(frame, MqttVersion.V5).ReasonCode:x2}",
        PacketType.SubAck => $"SUBACK {string.Join(' ', SubAckPacket.Read(frame, MqttVersion.V5).ReasonCodes.Distinct().Select(each => $"0x{(int)each:x2}"))}",
        PacketType.PubAck => $"PUBACK 0x{(int)AckPacket.Read(frame, MqttVersion.V5).ReasonCode:x2}",
        PacketType.Disconnect => $"DISCONNECT 0x{(int)DisconnectPacket.Read(frame, MqttVersion.V5, PacketSender.Server).ReasonCode:x2}",
        _ => frame.Type.ToString().ToUpperInvariant(),
    };
}
