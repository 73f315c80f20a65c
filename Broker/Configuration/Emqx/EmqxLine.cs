namespace Broker.Configuration.Emqx;

/// <summary>One `key = value` of an emqx_tcp.conf.</summary>
internal sealed record EmqxLine(int Number, string Key, string Value)
{
    /// <summary>The settings of a file; comments and blank lines are left out, as are lines without `=`, which are named in <paramref name="warnings"/>.</summary>
    public static IReadOnlyList<EmqxLine> Parse(IReadOnlyList<string> lines, List<string> warnings)
    {
        List<EmqxLine> parsed = [];
        for (int i = 0; i < lines.Count; i++)
        {
            string line = lines[i].Trim();
            if (line.Length == 0 || line.StartsWith('#'))
            {
                continue;
            }

            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                warnings.Add($"emqx_tcp.conf line {i + 1} is skipped: no key = value");
                continue;
            }

            parsed.Add(new EmqxLine(i + 1, line[..equals].Trim(), Unquote(WithoutComment(line[(equals + 1)..]).Trim())));
        }

        return parsed;
    }

    private static string WithoutComment(string value)
    {
        int comment = value.IndexOf(" #", StringComparison.Ordinal);
        return comment < 0 ? value : value[..comment];
    }

    private static string Unquote(string value) => value.Length >= 2 && value[0] == '"' && value[^1] == '"' ? value[1..^1] : value;
}
