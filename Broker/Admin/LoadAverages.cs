namespace Broker.Admin;

/// <summary>
/// What happens per minute, as exponentially weighted averages over one, five and fifteen minutes, like the load averages of an operating
/// system; computed as Mosquitto does.
/// </summary>
internal sealed class LoadAverages(long start)
{
    private static readonly (string Name, double Minutes)[] Spans = [("1min", 1), ("5min", 5), ("15min", 15)];

    private readonly Dictionary<string, long> _totals = [];
    private readonly SortedDictionary<string, double> _averages = new(StringComparer.Ordinal);
    private long _last = start;

    /// <summary>The averages by name, such as `bytes/sent/5min`.</summary>
    public IEnumerable<KeyValuePair<string, double>> Values => _averages;

    /// <summary>Takes the totals as of now, in milliseconds.</summary>
    public void Update(long now, ReadOnlySpan<(string Name, long Total)> totals)
    {
        var minutes = (now - _last) / 60_000.0;
        _last = now;
        foreach (var (name, total) in totals)
        {
            var perMinute = minutes > 0 ? (total - _totals.GetValueOrDefault(name)) / minutes : 0;
            foreach (var (span, length) in Spans)
            {
                var key = $"{name}/{span}";
                var before = _averages.GetValueOrDefault(key);
                _averages[key] = minutes > 0 ? perMinute + (Math.Exp(-minutes / length) * (before - perMinute)) : before;
            }

            if (minutes > 0)
            {
                _totals[name] = total;
            }
        }
    }
}
