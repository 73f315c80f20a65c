using Broker.Connections;
using NUnit.Framework;

namespace Broker.Tests.Connections;

internal sealed class ReceiveRemainderTests
{
    [TestCase(1)]
    [TestCase(511)]
    [TestCase(512)]
    [TestCase(100_000)]
    public void Bytes_that_come_piece_by_piece_are_kept_in_order(int piece)
    {
        byte[] all = new byte[300_000];
        new Random(3).NextBytes(all);
        var remainder = new ReceiveRemainder();
        remainder.Keep(all.AsSpan(0, 3));
        while (remainder.Length < all.Length)
        {
            Span<byte> room = remainder.Extend(all.Length);
            int length = Math.Min(Math.Min(piece, room.Length), all.Length - remainder.Length);
            all.AsSpan(remainder.Length, length).CopyTo(room);
            remainder.Commit(length);
        }
        Assert.That(remainder.Bytes.SequenceEqual(all), Is.True);
        remainder.Consume(100_001);
        Assert.That(remainder.Bytes.SequenceEqual(all.AsSpan(100_001)), Is.True);
        remainder.Consume(remainder.Length);
        Assert.That(remainder.Length, Is.Zero);
    }

    [Test]
    public void Room_grows_with_what_has_come_and_not_with_what_is_promised()
    {
        var remainder = new ReceiveRemainder();
        remainder.Keep(new byte[100]);
        Assert.That(remainder.Extend(wanted: 100_000_000).Length, Is.LessThanOrEqualTo(1024));
        remainder.Release();
    }

    [Test]
    public void What_is_kept_replaces_what_was()
    {
        var remainder = new ReceiveRemainder();
        remainder.Keep("first"u8);
        remainder.Keep("2nd"u8);
        Assert.That(remainder.Bytes.ToArray(), Is.EqualTo("2nd"u8.ToArray()));
        remainder.Keep([]);
        Assert.That(remainder.Length, Is.Zero);
    }
}
