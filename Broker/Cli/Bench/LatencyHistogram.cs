using System.Numerics;

namespace Broker.Cli.Bench;

/// <summary>
/// Counts durations in buckets whose width grows with the value, so that a percentile is off by less than 1.6 % from nanoseconds to hours
/// in 30 KiB. Not thread-safe.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int PrecisionBits = 6;
    private const int BucketsPerOctave = 1 << PrecisionBits;

    private readonly long[] _buckets = new long[(64 - PrecisionBits) * BucketsPerOctave];

    /// <summary>Durations counted.</summary>
    public long Count { get; private set; }

    /// <summary>The longest one, in nanoseconds.</summary>
    public long Maximum { get; private set; }

    /// <summary>Counts a duration; clocks that seem to run backwards count as zero.</summary>
    public void Add(long nanoseconds)
    {
        var value = Math.Max(0, nanoseconds);
        _buckets[IndexOf(value)]++;
        Count++;
        Maximum = Math.Max(Maximum, value);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Clear(_buckets);
        Count = 0;
        Maximum = 0;
    }

    /// <summary>The duration that a fraction of all does not exceed, in nanoseconds; 0 without any.</summary>
    public long Percentile(double fraction)
    {
        var wanted = Math.Max(1, (long)Math.Ceiling(fraction * Count));
        long seen = 0;
        for (var index = 0; index < _buckets.Length && Count > 0; index++)
        {
            seen += _buckets[index];
            if (seen >= wanted)
            {
                return Math.Min(Maximum, MiddleOf(index));
            }
        }

        return Maximum;
    }

    // Below BucketsPerOctave a bucket per nanosecond; above, the leading PrecisionBits + 1 bits of the value.
    private static int IndexOf(long value)
    {
        if (value < BucketsPerOctave)
        {
            return (int)value;
        }

        var shift = BitOperations.Log2((ulong)value) - PrecisionBits;
        return (shift << PrecisionBits) + (int)(value >> shift);
    }

    private static long MiddleOf(int index)
    {
        if (index < 2 * BucketsPerOctave)
        {
            return index;
        }

        var shift = (index >> PrecisionBits) - 1;
        var leading = (long)(index & (BucketsPerOctave - 1)) + BucketsPerOctave;
        return (leading << shift) + (1L << shift >> 1);
    }
}
