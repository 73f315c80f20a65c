using Broker.Storage.Journal;
using NUnit.Framework;

namespace Broker.Tests.Storage.Journal;

internal sealed class FrameTests
{
    private const uint Seed = 12345;

    [Test]
    public void A_sealed_frame_is_read_back()
    {
        Assert.That(Frame.TryRead(Sample(), Seed, out FrameHeader header), Is.True);
        Assert.That(header, Is.EqualTo(new FrameHeader(7, 1000, 10)));
    }

    [Test]
    public void Every_flipped_bit_is_noticed()
    {
        byte[] frame = Sample();
        for (int bit = 0; bit < frame.Length * 8; bit++)
        {
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(Frame.TryRead(frame, Seed, out _), Is.False, $"bit {bit}");
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Test]
    public void A_frame_of_another_segment_is_none() => Assert.That(Frame.TryRead(Sample(), Seed + 1, out _), Is.False);

    [Test]
    public void A_frame_that_is_cut_off_is_none() => Assert.That(Frame.TryRead(Sample().AsSpan(0, 41), Seed, out _), Is.False);

    [Test]
    public void The_next_good_frame_is_found_behind_rubbish()
    {
        byte[] bytes = [.. "BKJF and BKJ"u8, .. Sample()];

        Assert.That(Frame.Find(bytes, 0, Seed), Is.EqualTo(12));
        Assert.That(Frame.Find(bytes, 13, Seed), Is.Negative);
    }

    private static byte[] Sample()
    {
        byte[] frame = [.. new byte[Frame.HeaderLength], .. "0123456789"u8];
        Frame.Seal(frame, Seed, 7, 1000);
        return frame;
    }
}
