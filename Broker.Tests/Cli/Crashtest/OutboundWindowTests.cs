using Broker.Cli.Crashtest.Audit;
using Broker.Cli.Crashtest.Sessions;
using Broker.Primitives;
using NUnit.Framework;

namespace Broker.Tests.Cli.Crashtest;

internal sealed class OutboundWindowTests
{
    private readonly MessageStream _stream = new(0, "t", Qos.AtLeastOnce, retain: false);

    [Test]
    public void What_is_in_flight_keeps_its_order_and_identifier()
    {
        var window = new OutboundWindow { Limit = 3 };
        InflightMessage first = window.Add(_stream, 0);
        InflightMessage second = window.Add(_stream, 1);
        InflightMessage third = window.Add(_stream, 2);
        Assert.That(window.HasRoom, Is.False);

        window.Remove(second);

        Assert.That(window.Messages, Is.EqualTo([first, third]));
        Assert.That(window.HasRoom, Is.True);
        Assert.That(window.Find(third.PacketId), Is.SameAs(third));
        Assert.That(window.Find(second.PacketId), Is.Null);
        Assert.That(window.Add(_stream, 3).PacketId, Is.Not.AnyOf(first.PacketId, third.PacketId));
    }

    [Test]
    public void A_lost_session_leaves_nothing_in_flight_but_the_limit()
    {
        var window = new OutboundWindow { Limit = 1 };
        window.Add(_stream, 0);

        window.Clear();

        Assert.That(window.Messages, Is.Empty);
        Assert.That((window.HasRoom, window.Limit), Is.EqualTo((true, 1)));
    }
}
