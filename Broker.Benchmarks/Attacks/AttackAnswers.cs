using System.Collections.Concurrent;

namespace Broker.Benchmarks.Attacks;

/// <summary>What the broker answered, counted; an answer that must not be is a breach. Written to, and read from, the attacker's output.</summary>
internal sealed class AttackAnswers
{
    private const string CountPrefix = "answer\t";
    private const string BreachPrefix = "breach\t";

    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _breaches = new(StringComparer.Ordinal);

    /// <summary>What must not have happened.</summary>
    public IEnumerable<string> Breaches => _breaches.Keys;

    /// <summary>Counts an answer.</summary>
    public void Count(string answer, int times = 1) => _counts.AddOrUpdate(answer, times, (_, old) => old + times);

    /// <summary>Counts an answer, and a breach where it is not one of those that are right.</summary>
    public void Expect(string attempt, string answer, params ReadOnlySpan<string> right)
    {
        Count($"{attempt}: {answer}");
        foreach (var prefix in right)
        {
            if (answer.StartsWith(prefix, StringComparison.Ordinal))
            {
                return;
            }
        }

        _breaches.TryAdd($"{attempt}: {answer}", 0);
    }

    /// <summary>Writes all.</summary>
    public void WriteTo(TextWriter output)
    {
        foreach (var (answer, times) in _counts)
        {
            output.WriteLine($"{CountPrefix}{times}\t{answer}");
        }

        foreach (var breach in _breaches.Keys)
        {
            output.WriteLine($"{BreachPrefix}{breach}");
        }
    }

    /// <summary>Reads a line that <see cref="WriteTo"/> has written; false for any other.</summary>
    public bool TryRead(string line)
    {
        if (line.StartsWith(CountPrefix, StringComparison.Ordinal))
        {
            var fields = line.Split('\t', 3);
            Count(fields[2], int.Parse(fields[1], System.Globalization.CultureInfo.InvariantCulture));
            return true;
        }

        return line.StartsWith(BreachPrefix, StringComparison.Ordinal) && _breaches.TryAdd(line[BreachPrefix.Length..], 0);
    }

    public override string ToString() =>
        string.Join("; ", _counts.OrderByDescending(each => each.Value).Select(each => each.Value == 1 ? each.Key : $"{each.Value} × {each.Key}"));
}
