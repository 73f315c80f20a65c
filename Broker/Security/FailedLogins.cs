using System.Collections.Concurrent;

namespace Broker.Security;

/// <summary>Failed logins by address or user, and how long the next one has to wait: a second, then twice as long each time.</summary>
internal sealed class FailedLogins(int failuresBeforeDelay, TimeSpan maximumDelay, TimeProvider time)
{
    private const int Maximum = 100_000;

    private readonly ConcurrentDictionary<string, Record> _records = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _inProgress = new(StringComparer.Ordinal);

    /// <summary>True when no login counts now.</summary>
    public bool MustWait(string key) => _records.TryGetValue(key, out Record record) && time.GetElapsedTime(record.Since) < DelayAfter(record.Failures);

    /// <summary>True when a login of this key has failed not long ago, and none has succeeded since.</summary>
    public bool HasFailed(string key) => _records.TryGetValue(key, out Record record) && !IsOver(record);

    /// <summary>
    /// True when a login may begin beside those in progress: where one has failed before, each of them may fail too, so that who guesses in
    /// parallel has no more guesses than who does not.
    /// </summary>
    public bool MayBegin(string key) =>
        !_records.TryGetValue(key, out Record record)
        || IsOver(record)
        || !_inProgress.TryGetValue(key, out int others)
        || record.Failures + others < failuresBeforeDelay;

    /// <summary>A login waits for its answer.</summary>
    public void Enter(string key) => _inProgress.AddOrUpdate(key, 1, static (_, count) => count + 1);

    /// <summary>A login that waited has its answer.</summary>
    public void Leave(string key)
    {
        while (_inProgress.TryGetValue(key, out int count))
        {
            if (count == 1 ? _inProgress.TryRemove(KeyValuePair.Create(key, count)) : _inProgress.TryUpdate(key, count - 1, count))
            {
                return;
            }
        }
    }

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
