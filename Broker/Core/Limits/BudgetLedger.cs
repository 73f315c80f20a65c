using System.Collections.Concurrent;
using Broker.Core.Timing;

namespace Broker.Core.Limits;

/// <summary>What every ClientId that has a budget has used of it.</summary>
internal sealed class BudgetLedger(BrokerClock clock)
{
    private const int ManyClients = 100_000;

    private readonly ConcurrentDictionary<string, BudgetUse> _uses = new(StringComparer.Ordinal);
    private int _cleanAt = ManyClients;

    /// <summary>True as long as no client has a budget.</summary>
    public bool IsEmpty => _uses.IsEmpty;

    /// <summary>What counts still, to be kept.</summary>
    public IEnumerable<BudgetRecord> Records => _uses.Where(use => !use.Value.IsOver(clock.Now)).Select(static use => use.Value.ToRecord(use.Key));

    /// <summary>Goes on counting from what was kept.</summary>
    public void Restore(IEnumerable<BudgetRecord> records)
    {
        foreach (var record in records)
        {
            Of(record.ClientId).Restore(record);
        }
    }

    /// <summary>The use of a ClientId.</summary>
    public BudgetUse Of(string clientId)
    {
        if (_uses.Count >= Volatile.Read(ref _cleanAt))
        {
            Clean();
        }

        return _uses.GetOrAdd(clientId, static (_, clock) => new BudgetUse(clock), clock);
    }

    // Clients that have not come for a month: looked for each time their number has doubled.
    private void Clean()
    {
        foreach (var (clientId, use) in _uses)
        {
            if (use.IsOver(clock.Now))
            {
                _uses.TryRemove(KeyValuePair.Create(clientId, use));
            }
        }

        Volatile.Write(ref _cleanAt, Math.Max(ManyClients, _uses.Count * 2));
    }
}
