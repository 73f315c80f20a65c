using Broker.Protocols.Mqtt;
using FsCheck;
using NUnit.Framework;

namespace Broker.Tests.Protocols.Mqtt;

/// <summary>Whatever a client sends, nothing but <see cref="MqttProtocolException"/> comes out of the codec.</summary>
public class FuzzTests
{
    [FsCheck.NUnit.Property(MaxTest = 1000)]
    public void Random_bytes(byte[] bytes, byte type, NonNegativeInt seed)
    {
        var version = SamplePackets.Version(new Random(seed.Get));
        byte[] packet = [type, (byte)Math.Min(bytes.Length, 127), .. bytes.Take(127)];
        ReadAll(packet, version);
        ReadAll(bytes, version);
    }

    [FsCheck.NUnit.Property(MaxTest = 2000)]
    public void Mutated_packets(NonNegativeInt seed)
    {
        var random = new Random(seed.Get);
        var (version, _, packet) = SamplePackets.Any(random);
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            packet[random.Next(packet.Length)] = (byte)random.Next(256);
        }

        ReadAll(packet, version);
    }

    [FsCheck.NUnit.Property(MaxTest = 500)]
    public void Packets_cut_short_inside_their_frame_are_malformed_or_a_shorter_packet(NonNegativeInt seed)
    {
        var random = new Random(seed.Get);
        var (version, sender, packet) = SamplePackets.Any(random);
        var frame = Wire.Frame(packet);
        for (var length = 0; length < frame.Body.Length; length++)
        {
            Swallow(new MqttFrame(frame.Type, frame.Flags, frame.Body[..length], length + 2), version, sender);
        }
    }

    private static void ReadAll(ReadOnlySpan<byte> bytes, MqttVersion version)
    {
        while (MqttFrame.TryRead(bytes, int.MaxValue, out var frame, out _) == FrameStatus.Done)
        {
            Swallow(frame, version, PacketSender.Client);
            Swallow(frame, version, PacketSender.Server);
            ConnectPacket.TryPeekVersion(frame.Body, out _);
            bytes = bytes[frame.Length..];
        }
    }

    private static void Swallow(in MqttFrame frame, MqttVersion version, PacketSender sender)
    {
        try
        {
            Wire.Read(frame, version, sender);
        }
        catch (MqttProtocolException fault)
        {
            Assert.That(fault.ReasonCode.IsError());
        }
    }
}
