namespace Broker.Configuration.Validation;

/// <summary>Finds the name that was probably meant.</summary>
internal static class NearestName
{
    /// <summary>The closest of <paramref name="known"/>; null when none is close enough to be meant.</summary>
    public static string? Find(string written, IReadOnlyCollection<string> known)
    {
        int limit = Math.Max(2, written.Length / 3);
        (string? Name, int Distance) best = known
            .Select(name => (Name: (string?)name, Distance: EditDistance(written.ToUpperInvariant(), name.ToUpperInvariant())))
            .OrderBy(candidate => candidate.Distance)
            .FirstOrDefault((null, int.MaxValue));
        return best.Distance <= limit ? best.Name : known.FirstOrDefault(name => IsShortFor(written, name));
    }

    // CertFile for CertificateFile: the letters of the long name, in order, some left out.
    private static bool IsShortFor(string written, string name)
    {
        int found = 0;
        foreach (char letter in name)
        {
            found += found < written.Length && char.ToUpperInvariant(letter) == char.ToUpperInvariant(written[found]) ? 1 : 0;
        }

        return written.Length >= 4 && found == written.Length;
    }

    // Levenshtein, one row at a time.
    private static int EditDistance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
