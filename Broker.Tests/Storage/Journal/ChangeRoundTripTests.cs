using Broker.Core.Topics;
using Broker.Primitives;
using Broker.Storage.Journal;
using NUnit.Framework;

namespace Broker.Tests.Storage.Journal;

/// <summary>Every change comes out of the journal as it went in.</summary>
internal sealed class ChangeRoundTripTests
{
    private static readonly byte[] Large = [.. Enumerable.Range(0, 70_000).Select(value => (byte)value)];

    private static MessageData FullMessage => new()
    {
        Topic = "a/b"u8,
        Payload = Large,
        Properties = [1, 2, 3],
        Publisher = "someone"u8,
        Qos = Qos.ExactlyOnce,
        Retain = true,
        ExpiresAt = -5,
    };

    private static MessageData BareMessage => new() { Topic = "t"u8, ExpiresAt = long.MaxValue };

    private static IEnumerable<TestCaseData> Changes()
    {
        yield return Named("attached", target => target.SessionAttached(7, new SessionData
        {
            ClientId = "client"u8,
            HasUsername = true,
            Username = "user"u8,
            Listener = "mqtt"u8,
            Protocol = ClientProtocol.Mqtt5,
            ExpirySeconds = uint.MaxValue,
            HasWill = true,
            Will = FullMessage,
            WillDelaySeconds = 30,
            WillExpirySeconds = 0,
        }));
        yield return Named("attached bare", target => target.SessionAttached(1, new SessionData { ClientId = "c"u8, Protocol = ClientProtocol.PrivateTcp }));
        yield return Named("attached, will never expires", target => target.SessionAttached(1, new SessionData { HasUsername = true, HasWill = true, Will = BareMessage }));
        yield return Named("detached", target => target.SessionDetached(long.MaxValue, 60, keepWill: true, at: 1_800_000_000_123));
        yield return Named("detached without will", target => target.SessionDetached(1, 0, keepWill: false, at: -1));
        yield return Named("will published", target => target.WillPublished(300));
        yield return Named("ended", target => target.SessionEnded(0x80));
        yield return Named("subscribed", target => target.Subscribed(
            1, "$share/g/a/#"u8, new SubscriptionOptions(Qos.ExactlyOnce, NoLocal: true, RetainAsPublished: true, RetainHandling.DoNotSend), 268_435_455));
        yield return Named("subscribed bare", target => target.Subscribed(1, "a"u8, new SubscriptionOptions(Qos.AtMostOnce), 0));
        yield return Named("subscribed, send if new", target => target.Subscribed(1, "a"u8, new SubscriptionOptions(Qos.AtLeastOnce, RetainHandling: RetainHandling.SendIfNew), 0));
        yield return Named("unsubscribed", target => target.Unsubscribed(1, "a/+/b"u8));
        yield return Named("shared message", target => target.SharedMessage(99, FullMessage));
        yield return Named("queued", target => target.Queued(1, 2, 0, FullMessage, new TermsData
        {
            Qos = Qos.AtLeastOnce,
            Retain = true,
            Identifiers = [1, 0, 0, 0, 255, 255, 255, 15],
            Group = "$share/g/a"u8,
        }));
        yield return Named("queued bare", target => target.Queued(1, 2, 0, BareMessage, new TermsData { Qos = Qos.ExactlyOnce }));
        yield return Named("queued shared", target => target.Queued(1, long.MaxValue, 99, default, default));
        yield return Named("released", target => target.Released(1, 1L << 40));
        yield return Named("removed", target => target.Removed(1, 127));
        yield return Named("used", target => target.SequencesUsed(1, 128));
        yield return Named("received", target => target.Received(1, ushort.MaxValue));
        yield return Named("receive ended", target => target.ReceiveEnded(1, 1));
        yield return Named("retained", target => target.Retained(FullMessage));
        yield return Named("retained removed", target => target.RetainedRemoved("a/b"u8));
    }

    [TestCaseSource(nameof(Changes))]
    public void A_change_comes_out_as_it_went_in(Action<IChangeTarget> change)
    {
        ChangeText expected = new();
        change(expected);
        ChangeWriter writer = new(new FrameBuffer());
        change(writer);

        ChangeText read = new();
        ChangeReader.Replay(writer.Frame.Payload, read);

        Assert.That(read.Lines, Has.Count.EqualTo(1));
        Assert.That(read.ToString(), Is.EqualTo(expected.ToString()));
    }

    [Test]
    public void All_kinds_come_in_order_and_each_kind_is_among_them()
    {
        ChangeText expected = new();
        ChangeWriter writer = new(new FrameBuffer());
        foreach (TestCaseData data in Changes())
        {
            var change = (Action<IChangeTarget>)data.Arguments[0]!;
            change(expected);
            change(writer);
        }

        ChangeText read = new();
        ChangeReader.Replay(writer.Frame.Payload, read);

        Assert.That(read.ToString(), Is.EqualTo(expected.ToString()));
        Assert.That(read.Lines.Select(line => line.Split(' ')[0]).Distinct().Count(), Is.EqualTo(Enum.GetValues<ChangeKind>().Length));
    }

    [Test]
    public void A_payload_that_is_cut_off_is_refused_everywhere()
    {
        ChangeWriter writer = new(new FrameBuffer());
        writer.SharedMessage(1, new MessageData { Topic = "a/b"u8, Payload = "p"u8, Publisher = "x"u8, ExpiresAt = 5 });
        byte[] payload = writer.Frame.Payload.ToArray();

        for (int length = 1; length < payload.Length; length++)
        {
            byte[] cut = payload[..length];
            Assert.That(() => ChangeReader.Replay(cut, new ChangeText()), Throws.TypeOf<InvalidDataException>(), $"{length} bytes");
        }
    }

    [Test]
    public void An_unknown_kind_is_refused() =>
        Assert.That(() => ChangeReader.Replay([0x7F], new ChangeText()), Throws.TypeOf<InvalidDataException>().With.Message.Contains("0x7F"));

    private static TestCaseData Named(string name, Action<IChangeTarget> change) => new TestCaseData(change).SetName("{m}: " + name);
}
