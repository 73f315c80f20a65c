using Broker.Configuration;
using Broker.Core.Limits;
using Broker.Core.Timing;
using Broker.Observability;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Core.Limits;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class BudgetUseTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly BrokerClock _clock;
    private readonly BudgetUse _use;

    public BudgetUseTests()
    {
        _clock = new BrokerClock(_time);
        _use = new BudgetUse(_clock);
    }

    [Test]
    public void The_alarm_and_the_end_come_once_a_day()
    {
        EffectiveLimits limits = Limits(new ClientLimits { BytesPerDay = 100, BudgetAlarmPercent = 50 });

        Assert.That(Add(49, limits), Is.EqualTo((false, (LimitName?)null)));
        Assert.That(Add(1, limits), Is.EqualTo((false, (LimitName?)LimitName.DailyBudgetAlarm)));
        Assert.That(Add(1, limits), Is.EqualTo((false, (LimitName?)null)));
        Assert.That(Add(49, limits), Is.EqualTo((true, (LimitName?)LimitName.DailyBudget)));
        Assert.That(Add(1, limits), Is.EqualTo((true, (LimitName?)null)));

        _time.Advance(TimeSpan.FromHours(25));
        Assert.That(Add(49, limits), Is.EqualTo((false, (LimitName?)null)), "a new day");
    }

    [Test]
    public void A_month_goes_on_over_its_days()
    {
        EffectiveLimits limits = Limits(new ClientLimits { BytesPerMonth = 100 });
        Add(60, limits);
        _time.Advance(TimeSpan.FromDays(30));
        Assert.That(Add(40, limits), Is.EqualTo((true, (LimitName?)LimitName.MonthlyBudget)), "31 January");

        _time.Advance(TimeSpan.FromDays(1));
        Assert.That(Add(40, limits), Is.EqualTo((false, (LimitName?)null)), "1 February");
    }

    [Test]
    public void A_use_is_over_with_its_month()
    {
        Add(1, Limits(new ClientLimits { BytesPerMonth = 100 }));
        Assert.That(_use.IsOver(_clock.Now), Is.False);
        _time.Advance(TimeSpan.FromDays(31));
        Assert.That(_use.IsOver(_clock.Now), Is.True);
    }

    private (bool IsUsedUp, LimitName? Reached) Add(long bytes, EffectiveLimits limits) =>
        (_use.Add(bytes, limits, _clock.Now, out LimitName? reached), reached);

    private static EffectiveLimits Limits(ClientLimits given) => new(given, new BrokerOptions());
}
