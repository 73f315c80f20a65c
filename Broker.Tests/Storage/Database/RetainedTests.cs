using Broker.Primitives;
using Broker.Storage.Journal;
using NUnit.Framework;

namespace Broker.Tests.Storage.Database;

public sealed class RetainedTests : DatabaseFixture
{
    [Test]
    public void A_retained_message_comes_back_as_it_was()
    {
        Database.Begin();
        Database.Retained(new MessageData
        {
            Topic = "a"u8,
            Payload = "x"u8,
            Properties = "p"u8,
            Publisher = "pub"u8,
            Qos = Qos.ExactlyOnce,
            Retain = true,
            ExpiresAt = UnixNow + 10,
        });
        Database.Commit(1, 1);

        var message = Loaded().Single();
        Assert.That(message.Topic.Text() + message.Payload.Text() + message.Properties.Text() + message.Publisher, Is.EqualTo("axppub"));
        Assert.That((message.Qos, message.Retain, message.ExpiresAt), Is.EqualTo((Qos.ExactlyOnce, true, 10L)));
    }

    [Test]
    public void A_newer_message_replaces_that_of_its_topic_and_a_removal_removes_it()
    {
        Database.Apply(d =>
        {
            d.Retain("a", "1");
            d.Retain("b", "1");
            d.Retain("a", "2");
            d.RetainedRemoved("b"u8);
        });

        Assert.That(Loaded().Select(m => m.Topic.Text() + m.Payload.Text()), Is.EqualTo(["a2"]));
    }

    [Test]
    public void An_expired_message_is_left_out_and_goes()
    {
        Database.Apply(d =>
        {
            d.Retain("expired", "x", UnixNow);
            d.Retain("fresh", "x", UnixNow + 1);
            d.Retain("renewed", "x", UnixNow);
        });

        Assert.That(Loaded().Select(m => m.Topic.Text()), Is.EqualTo(["fresh"]));
        Assert.That(Number("SELECT count(*) FROM retained"), Is.EqualTo(3));

        Database.Apply(d => d.Retain("renewed", "y"));
        Assert.That(Number("SELECT count(*) FROM retained WHERE topic <> 'expired'"), Is.EqualTo(2));
        Assert.That(Number("SELECT count(*) FROM retained"), Is.EqualTo(2));
    }

    private Message[] Loaded() => [.. Database.LoadRetained(Clock)];
}
