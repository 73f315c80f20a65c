using System.Collections.Concurrent;

namespace Broker.Core.Limits;

/// <summary>How many of something each name has. Only names that have a limit are counted.</summary>
internal sealed class Census
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Names that have at least one.</summary>
    public int Names => _counts.Count;

    /// <summary>How many a name has.</summary>
    public int Of(string name) => _counts.GetValueOrDefault(name);

    /// <summary>Counts one in; false when the name has its limit, and then nothing is counted.</summary>
    public bool TryEnter(string name, int limit)
    {
        while (true)
        {
            var known = _counts.TryGetValue(name, out var count);
            if (count >= limit)
            {
                return false;
            }

            if (known ? _counts.TryUpdate(name, count + 1, count) : _counts.TryAdd(name, 1))
            {
                return true;
            }
        }
    }

    /// <summary>Counts one out.</summary>
    public void Leave(string name)
    {
        while (_counts.TryGetValue(name, out var count))
        {
            var left = count > 1
                ? _counts.TryUpdate(name, count - 1, count)
                : _counts.TryRemove(KeyValuePair.Create(name, count));
            if (left)
            {
                return;
            }
        }
    }
}
