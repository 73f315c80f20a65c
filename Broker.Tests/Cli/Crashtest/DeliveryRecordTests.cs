using Broker.Cli.Crashtest.Audit;
using Broker.Primitives;
using NUnit.Framework;

namespace Broker.Tests.Cli.Crashtest;

internal sealed class DeliveryRecordTests
{
    private MessageStream _stream = null!;
    private DeliveryRecord _record = null!;

    [SetUp]
    public void SetUp()
    {
        _stream = new MessageStream(0, "t", Qos.AtLeastOnce, retain: false);
        _record = new DeliveryRecord(_stream, Qos.AtLeastOnce);
    }

    [Test]
    public void Deliveries_are_told_apart()
    {
        Publish(200);

        Assert.That(
            new uint[] { 0, 1, 5, 1, 3, 3, 130, 129, 130, 200 }.Select(_record.Accept),
            Is.EqualTo([
                DeliveryOutcome.First, DeliveryOutcome.First, DeliveryOutcome.First, DeliveryOutcome.Duplicate, DeliveryOutcome.Overtaken,
                DeliveryOutcome.Duplicate, DeliveryOutcome.First, DeliveryOutcome.Overtaken, DeliveryOutcome.Duplicate, DeliveryOutcome.NeverSent,
            ]));
    }

    [Test]
    public void What_is_acknowledged_and_not_delivered_is_missing()
    {
        _record.Begin();
        Publish(5);
        Acknowledge(0, 1, 3);
        _record.Accept(1);
        _record.Accept(4);

        Assert.That(_record.Missing(), Is.EqualTo([0u, 3u]), "2 was never acknowledged");
        Assert.That(_record.IsComplete(), Is.False);

        _record.Accept(0);
        _record.Accept(3);
        Assert.That(_record.Missing(), Is.Empty);
        Assert.That(_record.IsComplete(), Is.True);
    }

    [Test]
    public void What_was_sent_before_the_subscription_need_not_come()
    {
        Publish(2);
        Acknowledge(0, 1);
        Assert.That(_record.Missing(), Is.Empty, "without an acknowledged subscription nothing is due");

        _record.Begin();
        Publish(1);
        Acknowledge(2);
        _record.Begin();

        Assert.That(_record.Missing(), Is.EqualTo([2u]), "a subscription that is made again does not forgive what is due");
        Assert.That(_record.Accept(1), Is.EqualTo(DeliveryOutcome.First), "but it may come");
    }

    [Test]
    public void A_later_message_opens_it_again()
    {
        _record.Begin();
        Assert.That(_record.IsComplete(), Is.True);

        Publish(1);
        Acknowledge(0);
        Assert.That(_record.IsComplete(), Is.False);
    }

    private void Publish(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _stream.Publish();
        }
    }

    private void Acknowledge(params uint[] sequences)
    {
        foreach (uint sequence in sequences)
        {
            _stream.Acknowledge(sequence, 1);
        }
    }
}
