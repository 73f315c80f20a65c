using Broker.Configuration;
using Broker.Core.Limits;
using Broker.Core.Timing;
using Broker.Tests.Infrastructure;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace Broker.Tests.Core.Limits;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class MemoryGuardTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly BrokerClock _clock;
    private readonly TimerWheel _wheel;
    private long _used = 50;

    public MemoryGuardTests()
    {
        _clock = new BrokerClock(_time);
        _wheel = new TimerWheel(_clock);
    }

    public void Dispose() => _wheel.Dispose();

    [Test]
    public void Memory_is_short_above_the_limit_until_there_is_some_room_again()
    {
        MemoryGuard guard = Open(new AdmissionOptions { MemoryLimitBytes = 100 });

        bool[] seen = [.. new long[] { 100, 101, 96, 94, 100 }.Select(used =>
        {
            _used = used;
            _time.Advance(TimeSpan.FromSeconds(2));
            return guard.IsShort;
        })];

        Assert.That(seen, Is.EqualTo(new[] { false, true, true, false, false }));
    }

    [TestCase(80, true)]
    [TestCase(0, false)]
    public void The_limit_may_be_a_part_of_what_there_is(int percent, bool isShort)
    {
        _used = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

        Assert.That(Open(new AdmissionOptions { MemoryLimitPercent = percent }).IsShort, Is.EqualTo(isShort));
    }

    private MemoryGuard Open(AdmissionOptions options) => new(options, _clock, _wheel, NullLogger.Instance, () => _used);
}
