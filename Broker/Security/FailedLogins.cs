using System.Collections.Concurrent;

namespace Broker.Security;

/// <summary>Failed logins by address or user, and how long the next one has to wait: a second, then twice as long each time.</summary>
internal sealed class FailedLogins(int failuresBeforeDelay, TimeSpan maximumDelay, TimeProvider time)
{
    private const int Maximum = 100_000;

    private readonly ConcurrentDictionary<string, Record> _records = new(StringComparer.Ordinal);

    /// <summary>True when no login counts now.</summary>
    public bool MustWait(string key) => _records.TryGetValue(key, out Record record) && time.GetElapsedTime(record.Since) < DelayAfter(record.Failures);

    public void OnFailure(string key)
    {
        if (_records.Count >= Maximum)
        {
            Forget();
        }

        long now = time.GetTimestamp();
        _records.AddOrUpdate(
            key,
            static (_, context) => new Record(1, context.Now),
            static (_, old, context) => new Record(context.Owner.IsOver(old) ? 1 : old.Failures + 1, context.Now),
            (Owner: this, Now: now));
    }

    public void OnSuccess(string key) => _records.TryRemove(key, out _);

    private TimeSpan DelayAfter(int failures)
    {
        int beyond = failures - failuresBeforeDelay;
        double seconds = beyond < 0 ? 0 : Math.Pow(2, Math.Min(beyond, 30));
        return TimeSpan.FromSeconds(Math.Min(seconds, maximumDelay.TotalSeconds));
    }

    // Who has been quiet for long begins anew.
    private bool IsOver(Record record) => time.GetElapsedTime(record.Since) > maximumDelay * 2;

    // Memory stays bounded even when more addresses than that fail at once.
    private void Forget()
    {
        foreach ((string key, Record record) in _records)
        {
            if (IsOver(record))
            {
                _records.TryRemove(key, out _);
            }
        }

        if (_records.Count >= Maximum)
        {
            _records.Clear();
        }
    }

    private readonly record struct Record(int Failures, long Since);
}
