using Broker.Cli.Crashtest.Audit;
using Broker.Cli.Crashtest.Sessions;
using Broker.Primitives;
using NUnit.Framework;

namespace Broker.Tests.Cli.Crashtest;

internal sealed class PayloadPatternTests
{
    private readonly PayloadPattern _pattern = new(7, 40);

    [Test]
    public void A_payload_says_which_message_it_is()
    {
        Assert.That(_pattern.TryRead(Payload(), out uint stream, out uint sequence), Is.True);
        Assert.That((stream, sequence), Is.EqualTo((3u, 9u)));
    }

    [TestCase(0, Description = "the run")]
    [TestCase(8, Description = "the message, whose filler differs")]
    [TestCase(39, Description = "the end")]
    public void Damage_shows(int at)
    {
        byte[] payload = Payload();
        payload[at] ^= 1;

        Assert.That(_pattern.TryRead(payload, out _, out _), Is.False);
    }

    [TestCase(0)]
    [TestCase(19)]
    [TestCase(39)]
    public void A_part_is_not_the_message(int length) => Assert.That(_pattern.TryRead(Payload().AsSpan(0, length), out _, out _), Is.False);

    private byte[] Payload()
    {
        byte[] payload = new byte[_pattern.Size];
        _pattern.Write(payload, new MessageStream(3, "t", Qos.AtLeastOnce, retain: false), 9);
        return payload;
    }
}
