using Broker.Core.Limits;
using Broker.Core.Ports;
using Broker.Observability;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Broker.Hosting;

/// <summary>Keeps what clients have used of their budgets over a restart: read at the start, written every minute and at the end.</summary>
internal sealed class BudgetSaver(BudgetLedger budgets, IRecordFile<BudgetRecord> file, TimeProvider time, ILogger<BudgetSaver> logger)
    : IHostedService, IDisposable
{
    /// <summary>How often it writes; so much a crash may forget.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private ITimer? _timer;
    private bool _fails;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        budgets.Restore(file.Load());
        _timer = time.CreateTimer(static saver => ((BudgetSaver)saver!).Save(), this, Period, Period);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        Save();
        return Task.CompletedTask;
    }

    public void Dispose() => _timer?.Dispose();

    private void Save()
    {
        if (budgets.IsEmpty)
        {
            return;
        }

        lock (_gate)
        {
            try
            {
                file.Save(budgets.Records);
                _fails = false;
            }
            catch (IOException fault)
            {
                if (!_fails)
                {
                    logger.BudgetsNotSaved(fault.Message);
                }

                _fails = true;
            }
        }
    }
}
