using Broker.Configuration;
using Broker.Core.Limits;
using Broker.Core.Timing;
using Broker.Hosting;
using Broker.Tests.Infrastructure;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace Broker.Tests.Hosting;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class BudgetSaverTests : IDisposable
{
    private static readonly EffectiveLimits Limits = new(new ClientLimits { BytesPerDay = 100, BytesPerMonth = 150 }, new BrokerOptions());

    private readonly ManualTimeProvider _time = new();
    private readonly MemoryRecordFile<BudgetRecord> _file = new();
    private readonly LogLines _log = new();
    private BrokerClock _clock = null!;

    public void Dispose() => _log.Dispose();

    [Test]
    public async Task A_restart_does_not_give_a_budget_back()
    {
        (BudgetLedger budgets, BudgetSaver saver) = await StartAsync();
        Assert.That(Add(budgets, 90), Is.False);
        await saver.StopAsync(CancellationToken.None);

        (budgets, _) = await StartAsync();
        Assert.That(Add(budgets, 9), Is.False);
        Assert.That(Add(budgets, 1), Is.True, "100 bytes of the day");

        _time.Advance(TimeSpan.FromDays(1));
        Assert.That(Add(budgets, 49), Is.False, "a new day");
        Assert.That(Add(budgets, 1), Is.True, "150 bytes of the month");
    }

    [Test]
    public async Task The_day_ends_while_the_broker_is_down()
    {
        (BudgetLedger budgets, BudgetSaver saver) = await StartAsync();
        Add(budgets, 99);
        await saver.StopAsync(CancellationToken.None);
        _time.Advance(TimeSpan.FromDays(1));

        (budgets, _) = await StartAsync();
        Assert.That(Add(budgets, 50), Is.False);
    }

    [Test]
    public async Task A_crash_forgets_a_minute_at_most_and_a_full_disk_is_told_once()
    {
        (BudgetLedger budgets, _) = await StartAsync();
        _time.Advance(BudgetSaver.Period);
        Assert.That(_file.Saves, Is.Zero, "nobody has a budget");

        Add(budgets, 60);
        _file.IsFull = true;
        _time.Advance(BudgetSaver.Period);
        _time.Advance(BudgetSaver.Period);
        Assert.That(_log.ToString().Split('\n').Count(static line => line.Contains("No space left", StringComparison.Ordinal)), Is.EqualTo(1));

        _file.IsFull = false;
        _time.Advance(BudgetSaver.Period);
        Assert.That(_file.Records.Single(), Has.Property(nameof(BudgetRecord.Day)).EqualTo(60));
    }

    private bool Add(BudgetLedger budgets, long bytes) => budgets.Of("c").Add(bytes, Limits, _clock.Now, out _);

    private async Task<(BudgetLedger, BudgetSaver)> StartAsync()
    {
        _clock = new BrokerClock(_time);
        BudgetLedger budgets = new(_clock);
        using LoggerFactory loggers = new([_log]);
        BudgetSaver saver = new(budgets, _file, _time, loggers.CreateLogger<BudgetSaver>());
        await saver.StartAsync(CancellationToken.None);
        return (budgets, saver);
    }
}
