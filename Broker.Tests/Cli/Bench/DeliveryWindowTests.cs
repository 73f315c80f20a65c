using Broker.Cli.Bench;
using NUnit.Framework;

namespace Broker.Tests.Cli.Bench;

internal sealed class DeliveryWindowTests
{
    [Test]
    public void A_message_leaves_when_every_receiver_has_had_it_and_those_before_it()
    {
        var window = new DeliveryWindow(3, receivers: 2);
        window.Add();
        window.Add();
        window.Add();
        Assert.That(window.Free, Is.Zero);

        window.Settle(1);
        window.Settle(1);
        Assert.That(window.Free, Is.Zero, "0 is still under way");
        window.Settle(0);
        window.Settle(0);
        Assert.That(window.Free, Is.EqualTo(2));
    }

    [Test]
    public void What_is_not_under_way_changes_nothing()
    {
        var window = new DeliveryWindow(2, receivers: 1);
        window.Settle(0);
        window.Add();
        window.Settle(7);
        Assert.That(window.Free, Is.EqualTo(1));
        window.Settle(0);
        window.Settle(0);
        Assert.That(window.Free, Is.EqualTo(2));
    }

    [Test]
    public void The_window_never_ends()
    {
        var window = new DeliveryWindow(5, receivers: 1);
        for (uint sequence = 0; sequence < 1000; sequence++)
        {
            window.Add();
            window.Settle(sequence);
        }

        Assert.That(window.Free, Is.EqualTo(5));
    }
}
