using Broker.Cli.Crashtest.Audit;
using Broker.Primitives;
using NUnit.Framework;

namespace Broker.Tests.Cli.Crashtest;

internal sealed class AuditLogTests
{
    private MessageStream _stream = null!;
    private AuditLog _audit = null!;

    [SetUp]
    public void SetUp()
    {
        _stream = new MessageStream(0, "t", Qos.ExactlyOnce, retain: true);
        _audit = new AuditLog();
        _audit.BeginRound();
    }

    [Test]
    public void A_loss_counts_in_the_round_that_acknowledged_the_message()
    {
        var record = new DeliveryRecord(_stream, Qos.ExactlyOnce);
        record.Begin();
        _audit.Publish(_stream);
        _audit.Publish(_stream);
        _audit.BeginRound();
        _audit.Acknowledge(_stream, 0);
        _audit.Acknowledge(_stream, 0);
        _audit.BeginRound();
        _audit.Acknowledge(_stream, 1);
        _audit.Deliver(record, 1, "s");

        _audit.CountLost(record, "s");

        Assert.That(_audit.Rounds.Select(round => (round.Published, round.Acknowledged, round.Delivered)), Is.EqualTo([(2, 0, 0), (0, 1, 0), (0, 1, 1)]));
        Assert.That(_audit.Rounds.Select(round => round[ViolationKind.Lost]), Is.EqualTo([0, 1, 0]));
        Assert.That(_audit.Examples, Is.EqualTo(["s: t message 0 (QoS 2) lost, acknowledged in round 2"]));
    }

    [TestCase(1, 1, 0)]
    [TestCase(2, 0, 1)]
    public void A_repeated_delivery_is_allowed_at_qos_1_only(int qos, long allowed, long violations)
    {
        var record = new DeliveryRecord(_stream, (Qos)qos);
        _audit.Publish(_stream);
        _audit.Deliver(record, 0, "s");
        _audit.Deliver(record, 0, "s");

        RoundTally round = _audit.Rounds[0];
        Assert.That((round.Delivered, round.DuplicatesQos1, round[ViolationKind.DuplicateQos2]), Is.EqualTo((1, allowed, violations)));
    }

    [Test]
    public void A_message_that_was_overtaken_is_delivered_but_out_of_order()
    {
        var record = new DeliveryRecord(_stream, Qos.ExactlyOnce);
        _audit.Publish(_stream);
        _audit.Publish(_stream);
        _audit.Deliver(record, 1, "s");
        _audit.Deliver(record, 0, "s");

        Assert.That((_audit.Rounds[0].Delivered, _audit.Rounds[0][ViolationKind.OutOfOrder]), Is.EqualTo((2, 1)));
        Assert.That(_audit.Examples, Is.EqualTo(["s: t message 0 (QoS 2) delivered after message 1"]));
    }

    [Test]
    public void A_message_that_nobody_sent_is_corrupted()
    {
        _audit.Deliver(new DeliveryRecord(_stream, Qos.ExactlyOnce), 0, "s");

        Assert.That((_audit.Rounds[0].Delivered, _audit.Rounds[0][ViolationKind.Corrupted]), Is.EqualTo((0, 1)));
    }

    // Five messages sent, 2 is the latest whose exchange is complete.
    [TestCase(2, null)]
    [TestCase(3, null)]
    [TestCase(4, null)]
    [TestCase(1, "RetainedLost")]
    [TestCase(null, "RetainedLost")]
    [TestCase(5, "Corrupted")]
    public void The_retained_message_may_be_newer_but_not_older(int? found, string? violation)
    {
        Enumerable.Range(0, 5).ToList().ForEach(_ => _audit.Publish(_stream));
        _stream.Complete(2);
        _stream.Complete(0);

        _audit.CheckRetained(_stream, (uint?)found);
        _audit.CheckRetained(_stream, found == 5 ? null : (uint?)found);

        Assert.That(_audit.Rounds[0].Violations, Is.EqualTo(violation is null ? 0 : 1), "counted once");
        Assert.That(violation is null || _audit.Rounds[0][Enum.Parse<ViolationKind>(violation)] == 1, Is.True);
    }

    [Test]
    public void Nothing_retained_is_right_when_nothing_was_acknowledged()
    {
        _audit.Publish(_stream);
        _audit.CheckRetained(_stream, null);

        Assert.That(_audit.Rounds[0].Violations, Is.Zero);
    }

    [Test]
    public void A_few_violations_of_each_kind_are_told()
    {
        for (int i = 0; i < 6; i++)
        {
            _audit.Violate(ViolationKind.SessionLost, $"session {i}");
        }

        _audit.Violate(ViolationKind.SubscriptionLost, "subscription");

        Assert.That(_audit.Examples, Is.EqualTo(["session 0", "session 1", "session 2", "session 3", "subscription"]));
        Assert.That(_audit.Rounds[0].Violations, Is.EqualTo(7));
    }
}
