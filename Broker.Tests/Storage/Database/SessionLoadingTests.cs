using Broker.Core.Topics;
using Broker.Primitives;
using Broker.Storage.Journal;
using NUnit.Framework;

namespace Broker.Tests.Storage.Database;

/// <summary>Sessions as they come back at start.</summary>
public sealed class SessionLoadingTests : DatabaseFixture
{
    [Test]
    public void A_session_comes_back_as_it_was()
    {
        Database.Begin();
        Database.SessionAttached(4, new SessionData
        {
            ClientId = "gerät"u8,
            HasUsername = true,
            Username = "ann"u8,
            Listener = "tls"u8,
            Protocol = ClientProtocol.Mqtt311,
            ExpirySeconds = uint.MaxValue,
            HasWill = true,
            Will = new MessageData
            {
                Topic = "w"u8,
                Payload = "gone"u8,
                Properties = "p"u8,
                Publisher = "gerät"u8,
                Qos = Qos.ExactlyOnce,
                Retain = true,
                ExpiresAt = Message.NeverExpires,
            },
            WillDelaySeconds = 9,
            WillExpirySeconds = 11,
        });
        Database.Subscribed(4, "a/+"u8, new SubscriptionOptions(Qos.ExactlyOnce, true, true, RetainHandling.DoNotSend), 77);
        Database.Subscribed(4, "$share/g/b"u8, new SubscriptionOptions(Qos.AtLeastOnce), 0);
        Database.Received(4, 65_535);
        Database.Received(4, 2);
        Database.SessionDetached(4, 100, keepWill: true, UnixNow - 3000);
        Database.Commit(1, UnixNow);

        var session = Sessions().Single();
        Assert.That((session.Key, session.ExpirySeconds, session.DetachedAt), Is.EqualTo((4L, 100u, -3000L)));
        var identity = session.Identity;
        Assert.That(
            (identity.ClientId, identity.Username, identity.Protocol, identity.Listener, identity.Peer),
            Is.EqualTo(("gerät", "ann", ClientProtocol.Mqtt311, "tls", (System.Net.EndPoint?)null)));
        var will = session.Will!;
        Assert.That((will.DelaySeconds, will.ExpirySeconds, will.Message.Qos, will.Message.Retain), Is.EqualTo((9u, (uint?)11u, Qos.ExactlyOnce, true)));
        Assert.That(will.Message.Topic.Text() + will.Message.Payload.Text() + will.Message.Properties.Text(), Is.EqualTo("wgonep"));
        Assert.That((will.Message.Publisher, will.Message.ExpiresAt), Is.EqualTo(("gerät", Message.NeverExpires)));
        Assert.That(session.Received, Is.EqualTo(new ushort[] { 2, 65_535 }));
        Assert.That(session.Subscriptions.Select(s => (s.Filter.ToString(), s.Options, s.Identifier)), Is.EquivalentTo([
            ("a/+", new SubscriptionOptions(Qos.ExactlyOnce, true, true, RetainHandling.DoNotSend), 77u),
            ("$share/g/b", new SubscriptionOptions(Qos.AtLeastOnce), 0u),
        ]));
    }

    [Test]
    public void A_session_that_was_attached_at_the_end_is_detached_since_the_last_write()
    {
        Database.Apply(d => d.Attach(1), writtenAt: UnixNow - 1000);
        Time.Advance(TimeSpan.FromSeconds(2));

        Assert.That(Sessions().Single().DetachedAt, Is.EqualTo(2000 - 3000));
    }

    [Test]
    public void Attaching_again_replaces_who_it_is_and_leaves_the_rest()
    {
        Database.Apply(d =>
        {
            d.Attach(1, "old", 60, will: "w");
            d.Subscribe(1, "a");
            d.SequencesUsed(1, 50);
            d.SessionDetached(1, 60, keepWill: true, 5);
        });
        Database.Apply(d => d.Attach(1, "new", 70), writtenAt: UnixNow);

        var session = Sessions().Single();
        Assert.That((session.Identity.ClientId, session.Identity.Username, session.ExpirySeconds), Is.EqualTo(("new", (string?)null, 70u)));
        Assert.That((session.Will, session.DetachedAt, session.LastSequence, session.Subscriptions.Count), Is.EqualTo(((Broker.Core.Wills.Will?)null, 0L, 50L, 1)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Detaching_keeps_the_Will_or_not(bool keep)
    {
        Database.Apply(d =>
        {
            d.Attach(1, will: "w");
            d.SessionDetached(1, 60, keep, UnixNow);
        });

        Assert.That(Sessions().Single().Will is not null, Is.EqualTo(keep));
    }

    [Test]
    public void A_published_Will_is_gone()
    {
        Database.Apply(d => d.Attach(1, will: "w"));
        Database.Apply(d => d.WillPublished(1));

        Assert.That(Sessions().Single().Will, Is.Null);
    }

    [Test]
    public void Ended_subscriptions_and_receipts_are_gone()
    {
        Database.Apply(d =>
        {
            d.Attach(1);
            d.Subscribe(1, "a");
            d.Subscribe(1, "b");
            d.Received(1, 1);
            d.Received(1, 2);
            d.Unsubscribed(1, "a"u8);
            d.ReceiveEnded(1, 2);
        });

        var session = Sessions().Single();
        Assert.That(session.Subscriptions.Select(s => s.Filter.ToString()), Is.EqualTo(["b"]));
        Assert.That(session.Received, Is.EqualTo(new ushort[] { 1 }));
    }

    [Test]
    public void Queues_are_counted_without_what_is_released()
    {
        Database.Apply(d =>
        {
            for (var session = 1; session <= 3; session++)
            {
                d.Attach(session);
            }

            d.Queue(1, 1, "12345");
            d.Share(1, "123");
            d.QueueShared(1, 2, 1);
            d.QueueShared(3, 9, 1);
            d.Queue(1, 3, "released");
            d.Queue(1, 4, "released");
            d.Released(1, 4);
            d.Released(1, 3);
            d.SequencesUsed(3, 4);
            d.SequencesUsed(2, 8);
            d.SequencesUsed(2, 6);
        });

        var sessions = Sessions();
        Assert.That(sessions.Select(s => (s.QueuedCount, s.QueuedBytes, s.LastSequence)), Is.EqualTo([(2, 6L + 4, 4L), (0, 0L, 8L), (1, 4L, 9L)]));
        Assert.That(sessions[0].Released, Is.EqualTo(new long[] { 3, 4 }));
        Assert.That(sessions[1].Released, Is.Empty);
    }

    [Test]
    public void A_session_that_does_not_outlive_its_connection_is_not_loaded_and_goes()
    {
        Database.Apply(d =>
        {
            d.Attach(1, expirySeconds: 0);
            d.Attach(2);
            d.Subscribe(1, "a");
            d.Subscribe(2, "a");
            d.Received(1, 1);
            d.Queue(1, 1, "x");
            d.Queue(2, 1, "x");
        });

        Assert.That(Sessions().Select(s => s.Key), Is.EqualTo([2]));
        Database.Apply(_ => { });
        Assert.That(Rows(), Is.EqualTo((1, 1, 0, 1)));
    }

    [Test]
    public void Ending_a_session_removes_what_belongs_to_it_and_nothing_else()
    {
        Database.Apply(d =>
        {
            for (var session = 1; session <= 3; session++)
            {
                d.Attach(session);
                d.Subscribe(session, "a");
                d.Received(session, 1);
                d.Queue(session, 1, "x");
            }
        });
        Database.Apply(d => d.SessionEnded(2));

        Assert.That(Sessions().Select(s => (s.Key, s.Subscriptions.Count, s.Received.Count, s.QueuedCount)), Is.EqualTo([(1L, 1, 1, 1), (3L, 1, 1, 1)]));
        Assert.That(Rows(), Is.EqualTo((2, 2, 2, 2)));
    }

    [Test]
    public void Parts_of_a_session_that_is_not_there_go()
    {
        Database.Apply(d =>
        {
            d.Subscribe(1, "a");
            d.Attach(2);
            d.Queue(3, 1, "x");
            d.Received(4, 1);
        });

        Assert.That(Sessions().Select(s => s.Key), Is.EqualTo([2]));
        Database.Apply(_ => { });
        Assert.That(Rows(), Is.EqualTo((1, 0, 0, 0)));
    }

    [Test]
    public void Changes_during_the_load_do_not_disturb_it()
    {
        Database.Apply(d =>
        {
            d.Attach(1);
            d.Attach(2);
        });
        using var loading = Database.LoadSessions(Clock).GetEnumerator();
        loading.MoveNext();
        Database.Apply(d =>
        {
            d.SessionEnded(2);
            d.Attach(3);
            d.Subscribe(3, "a");
        });

        Assert.That(loading.MoveNext(), "session 2 was there when loading began");
        Assert.That(loading.MoveNext(), Is.False);
        Database.Apply(_ => { });
        Assert.That(Sessions().Select(s => (s.Key, s.Subscriptions.Count)), Is.EqualTo([(1L, 0), (3L, 1)]));
    }

    private (long Sessions, long Subscriptions, long Received, long Queued) Rows() => (
        Number("SELECT count(*) FROM session"), Number("SELECT count(*) FROM subscription"), Number("SELECT count(*) FROM received"), Number("SELECT count(*) FROM queue"));
}
