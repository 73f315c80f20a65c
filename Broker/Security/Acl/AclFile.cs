namespace Broker.Security.Acl;

/// <summary>An ACL file: one rule a line, or Mosquitto's acl_file. Lines that begin with `#` are comments.</summary>
internal sealed class AclFile
{
    private AclFile(IReadOnlyList<AclRule> rules, IReadOnlyList<AclProblem> problems)
    {
        Rules = new AclRuleSet(rules);
        Problems = problems;
    }

    /// <summary>The rules that could be read.</summary>
    public AclRuleSet Rules { get; }

    /// <summary>Every mistake in the file. One with mistakes must not be used: a rule that is missing may be the one that denies.</summary>
    public IReadOnlyList<AclProblem> Problems { get; }

    /// <summary>Reads a file; one that cannot be read says so in its problems.</summary>
    public static AclFile Load(string path)
    {
        try
        {
            return Parse(File.ReadAllLines(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new AclFile([], [new AclProblem(0, $"the file cannot be read: {e.Message}")]);
        }
    }

    public static AclFile Parse(IReadOnlyList<string> lines)
    {
        List<AclRule> rules = [];
        List<AclProblem> problems = [];
        MosquittoAcl mosquitto = new();
        bool? isMosquitto = null;
        for (int i = 0; i < lines.Count; i++)
        {
            string text = lines[i];
            if (string.IsNullOrWhiteSpace(text) || text.TrimStart().StartsWith('#'))
            {
                continue;
            }

            try
            {
                isMosquitto ??= MosquittoAcl.IsLine(text);
                if (isMosquitto.Value != MosquittoAcl.IsLine(text))
                {
                    throw new AclSyntaxException(isMosquitto.Value
                        ? "not user, topic or pattern; a file in Mosquitto's syntax holds nothing else"
                        : "Mosquitto's syntax in a file that began with allow or deny rules");
                }

                if (isMosquitto.Value)
                {
                    mosquitto.Read(text, i + 1);
                }
                else
                {
                    rules.Add(AclLineReader.Read(text, i + 1, rules.Count));
                }
            }
            catch (AclSyntaxException mistake)
            {
                problems.Add(new AclProblem(i + 1, mistake.Message));
            }
        }

        return new AclFile(isMosquitto == true ? mosquitto.Rules() : rules, problems);
    }
}
