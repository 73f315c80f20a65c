using System.Buffers;
using Broker.Protocols.Mqtt;
using NUnit.Framework;

namespace Broker.Tests.Protocols.Mqtt;

/// <summary>Short ways to frames and faults.</summary>
internal static class Wire
{
    public static MqttFrame Frame(string hex) => Frame(NamedPackets.Bytes(hex));

    public static MqttFrame Frame(ReadOnlySpan<byte> packet)
    {
        var status = MqttFrame.TryRead(packet, int.MaxValue, out var frame, out _);
        Assert.That(status, Is.EqualTo(FrameStatus.Done));
        Assert.That(frame.Length, Is.EqualTo(packet.Length));
        return frame;
    }

    public static byte[] Written(Action<IBufferWriter<byte>> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        write(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    public static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexString(bytes);

    /// <summary>Reads a packet whatever its type is.</summary>
    public static void Read(in MqttFrame frame, MqttVersion version, PacketSender sender = PacketSender.Client)
    {
        switch (frame.Type)
        {
            case PacketType.Connect:
                ConnectPacket.Read(frame);
                break;
            case PacketType.ConnAck:
                ConnAckPacket.Read(frame, version);
                break;
            case PacketType.Publish:
                ReadPublish(frame, version, sender);
                break;
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp:
                AckPacket.Read(frame, version);
                break;
            case PacketType.Subscribe:
                _ = SubscribePacket.Read(frame, version);
                break;
            case PacketType.SubAck or PacketType.UnsubAck:
                SubAckPacket.Read(frame, version);
                break;
            case PacketType.Unsubscribe:
                _ = UnsubscribePacket.Read(frame, version);
                break;
            case PacketType.PingReq or PacketType.PingResp:
                PingPacket.Read(frame, version);
                break;
            case PacketType.Disconnect:
                DisconnectPacket.Read(frame, version, sender);
                break;
            default:
                AuthPacket.Read(frame, version);
                break;
        }
    }

    /// <summary>The Reason Code that reading the packet ends with; null when it is good.</summary>
    public static ReasonCode? Fault(string hex, MqttVersion version, PacketSender sender = PacketSender.Client)
    {
        try
        {
            Read(Frame(hex), version, sender);
            return null;
        }
        catch (MqttProtocolException fault)
        {
            return fault.ReasonCode;
        }
    }

    private static void ReadPublish(in MqttFrame frame, MqttVersion version, PacketSender sender)
    {
        var packet = PublishPacket.Read(frame, version, sender);
        packet.CopyForwardableProperties(new byte[packet.Properties.Length]);
        PublishProperties.Read(packet.Properties);
    }
}
