using Broker.Cli.Bench;
using NUnit.Framework;

namespace Broker.Tests.Cli.Bench;

internal sealed class BrokerUsageTests
{
    [Test]
    public void Names_with_blanks_and_parentheses_do_not_confuse()
    {
        const string Stat = "42 (my (odd) name) S 1 42 42 0 -1 4194560 100 0 0 0 250 125 0 0 20 0 9 0 1000 1000000 500";
        const string Status = "Name:\tx\nVmHWM:\t   2048 kB\nVmRSS:\t   1024 kB\n";

        Assert.That(BrokerUsage.Parse(Stat, Status), Is.EqualTo(new BrokerUsage(3.75, 1024, 2048)));
    }

    [Test]
    public void No_process_is_no_usage()
    {
        Assert.That(BrokerUsage.Read(0), Is.Null);
        Assert.That(BrokerUsage.Read(int.MaxValue), Is.Null);
    }

    [Test]
    [Platform("Linux")]
    public void This_process_uses_memory() => Assert.That(BrokerUsage.Read(Environment.ProcessId)!.Value.ResidentKib, Is.Positive);
}
