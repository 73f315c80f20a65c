using Broker.Cli.Bench;
using NUnit.Framework;

namespace Broker.Tests.Cli.Bench;

internal sealed class PacketIdentifiersTests
{
    [Test]
    public void Identifiers_in_flight_are_skipped_and_0_is_none()
    {
        var identifiers = new PacketIdentifiers { Limit = 3 };
        ushort kept = identifiers.Take();
        for (int turn = 0; turn < ushort.MaxValue - 1; turn++)
        {
            ushort taken = identifiers.Take();
            Assert.That(taken, Is.Not.Zero.And.Not.EqualTo(kept));
            identifiers.Release(taken);
        }

        Assert.That(identifiers.Take(), Is.EqualTo(kept + 1));
        Assert.That(identifiers.Free, Is.EqualTo(1));
    }

    [Test]
    public void What_is_not_in_flight_cannot_be_released() => Assert.That(new PacketIdentifiers().Release(7), Is.False);
}
