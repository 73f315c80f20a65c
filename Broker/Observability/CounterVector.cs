namespace Broker.Observability;

/// <summary>Counters side by side, one per combination of label values.</summary>
internal sealed class CounterVector(int length)
{
    private readonly long[] _values = new long[length];

    /// <summary>Number of counters.</summary>
    public int Length => _values.Length;

    /// <summary>Value of one counter.</summary>
    public long this[int index] => Volatile.Read(ref _values[index]);

    /// <summary>Sum of all counters.</summary>
    public long Total
    {
        get
        {
            var total = 0L;
            for (var index = 0; index < _values.Length; index++)
            {
                total += this[index];
            }

            return total;
        }
    }

    /// <summary>Adds to one counter.</summary>
    public void Add(int index, long amount = 1) => Interlocked.Add(ref _values[index], amount);

    /// <summary>Adds a row of amounts and sets them to zero.</summary>
    public void Take(long[] amounts)
    {
        for (var index = 0; index < amounts.Length; index++)
        {
            if (amounts[index] != 0)
            {
                Interlocked.Add(ref _values[index], amounts[index]);
                amounts[index] = 0;
            }
        }
    }
}
