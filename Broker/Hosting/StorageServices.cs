using System.Diagnostics;
using Broker.Configuration;
using Broker.Core;
using Broker.Core.Limits;
using Broker.Core.Ports;
using Broker.Observability;
using Broker.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Broker.Hosting;

/// <summary>Puts the store together that the options ask for, and loads it.</summary>
internal static class StorageServices
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(2);

    public static void Add(IServiceCollection services, StorageOptions options)
    {
        if (options.Kind == StorageKind.Memory)
        {
            services.AddSingleton<IStore, MemoryStore>();
            return;
        }

        services.AddSingleton<IStore>(provider =>
        {
            var logger = provider.GetRequiredService<ILogger<DurableStore>>();
            var opening = new DatabaseOpening(options.OnCorruption, provider.GetRequiredService<TimeProvider>(), logger);
            return new DurableStore(options, opening.Open, provider.GetRequiredService<BrokerMetrics>(), logger);
        });
        services.AddSingleton<IRecordFile<Ban>>(new RecordFile<Ban>(Path.Combine(options.DataDirectory, "bans.jsonl")));
        services.AddSingleton<IHostedService>(provider => new BudgetSaver(
            provider.GetRequiredService<MessageBroker>().Limits.Budgets,
            new RecordFile<BudgetRecord>(Path.Combine(options.DataDirectory, "budgets.jsonl")),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<BudgetSaver>>()));
    }

    /// <summary>Loads what the last process left.</summary>
    /// <exception cref="StoreException">The store cannot be opened.</exception>
    public static void Restore(IServiceProvider services)
    {
        var broker = services.GetRequiredService<MessageBroker>();
        var logger = services.GetRequiredService<ILogger<DurableStore>>();
        var begun = Stopwatch.GetTimestamp();
        using (broker.Clock.Time.CreateTimer(
            _ => logger.StoreLoading(broker.Retained.Count, broker.Sessions.Count), null, ProgressInterval, ProgressInterval))
        {
            broker.Restore();
        }

        if (broker.Store.IsDurable)
        {
            var milliseconds = (long)Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            var queued = broker.Queues.Messages;
            logger.StoreLoaded(broker.Retained.Count, broker.Sessions.Count, broker.Subscriptions.Count, queued, milliseconds);
        }
    }
}
