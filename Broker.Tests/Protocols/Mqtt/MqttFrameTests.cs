using Broker.Protocols.Mqtt;
using FsCheck;
using NUnit.Framework;

namespace Broker.Tests.Protocols.Mqtt;

public class MqttFrameTests
{
    [TestCase("", 2)]
    [TestCase("30", 2)]
    [TestCase("30 80", 3)]
    [TestCase("30 8080", 4)]
    [TestCase("30 05", 7)]
    [TestCase("30 05 0003", 7)]
    [TestCase("30 8001", 131)]
    public void Incomplete_packets_say_how_much_is_needed(string hex, int expected)
    {
        var status = MqttFrame.TryRead(NamedPackets.Bytes(hex), int.MaxValue, out _, out var needed);
        Assert.That(status, Is.EqualTo(FrameStatus.NeedMore));
        Assert.That(needed, Is.EqualTo(expected));
    }

    [TestCase("30 8000")]
    [TestCase("30 808000")]
    [TestCase("30 FFFFFF00")]
    [TestCase("30 FFFFFFFF")]
    [TestCase("30 80808080 01")]
    public void Padded_or_five_byte_remaining_length_is_malformed_MQTT_1_5_5_1(string hex) =>
        Assert.That(MqttFrame.TryRead(NamedPackets.Bytes(hex), int.MaxValue, out _, out _), Is.EqualTo(FrameStatus.Malformed));

    [Test]
    public void Packet_type_0_is_malformed() =>
        Assert.That(MqttFrame.TryRead([0x00], int.MaxValue, out _, out _), Is.EqualTo(FrameStatus.Malformed));

    [Test]
    public void Too_large_is_decided_from_the_header()
    {
        var header = NamedPackets.Bytes("32 FFFFFF7F");
        Assert.That(MqttFrame.TryRead(header, 1024, out var frame, out _), Is.EqualTo(FrameStatus.TooLarge));
        Assert.That(frame.Type, Is.EqualTo(PacketType.Publish));
        Assert.That(frame.Flags, Is.EqualTo(2));
        Assert.That(frame.Length, Is.EqualTo(268_435_455 + 5));
    }

    [Test]
    public void Maximum_packet_size_counts_the_fixed_header()
    {
        var packet = NamedPackets.Bytes(NamedPackets.PublishQos0);
        Assert.That(MqttFrame.TryRead(packet, packet.Length, out _, out _), Is.EqualTo(FrameStatus.Done));
        Assert.That(MqttFrame.TryRead(packet, packet.Length - 1, out _, out _), Is.EqualTo(FrameStatus.TooLarge));
    }

    [TestCase(0u, "00")]
    [TestCase(127u, "7F")]
    [TestCase(128u, "8001")]
    [TestCase(16_383u, "FF7F")]
    [TestCase(16_384u, "808001")]
    [TestCase(2_097_151u, "FFFF7F")]
    [TestCase(2_097_152u, "80808001")]
    [TestCase(268_435_455u, "FFFFFF7F")]
    public void Variable_byte_integers_are_shortest_MQTT_1_5_5_1(uint value, string hex)
    {
        var bytes = new byte[4];
        var written = VariableByteInteger.Write(bytes, value);
        Assert.That(Wire.Hex(bytes.AsSpan(0, written)), Is.EqualTo(hex));
        Assert.That(VariableByteInteger.Size(value), Is.EqualTo(written));
        Assert.That(VariableByteInteger.TryRead(bytes, out var read, out var size), Is.EqualTo(FrameStatus.Done));
        Assert.That((read, size), Is.EqualTo((value, written)));
    }

    [FsCheck.NUnit.Property]
    public bool Any_split_of_a_stream_gives_the_same_frames_MQTT_6_0_0_2(PositiveInt[] cuts, NonNegativeInt seed)
    {
        var random = new Random(seed.Get);
        var packets = Enumerable.Range(0, 8).Select(_ => SamplePackets.Any(random).Packet).ToList();
        byte[] stream = [.. packets.SelectMany(packet => packet)];
        var frames = new List<string>();
        var start = 0;
        var end = 0;
        var turn = 0;
        while (start < stream.Length)
        {
            var status = MqttFrame.TryRead(stream.AsSpan(start, end - start), int.MaxValue, out var frame, out var needed);
            if (status == FrameStatus.Done)
            {
                frames.Add(Wire.Hex(stream.AsSpan(start, frame.Length)));
                start += frame.Length;
                continue;
            }

            if (status != FrameStatus.NeedMore || needed <= end - start)
            {
                return false;
            }

            end = Math.Min(stream.Length, end + (cuts.Length == 0 ? 1 : cuts[turn++ % cuts.Length].Get));
        }

        return frames.SequenceEqual(packets.Select(packet => Wire.Hex(packet)));
    }
}
