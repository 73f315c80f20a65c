using System.Collections.Frozen;
using Broker.Configuration;

namespace Broker.Security;

/// <summary>The users of a password file: one `user:hash` a line, the hash a plain or a SCRAM one; `#` begins a comment line.</summary>
internal sealed class PasswordFile
{
    private readonly FrozenDictionary<string, IPasswordVerifier> _users;

    private PasswordFile(Dictionary<string, IPasswordVerifier> users, IReadOnlyList<PasswordFileProblem> problems)
    {
        _users = users.ToFrozenDictionary(StringComparer.Ordinal);
        Problems = problems;
        int iterations = users.Values.OfType<PasswordHash>().Select(hash => hash.Iterations).DefaultIfEmpty(PasswordHash.DefaultIterations).Max();
        UnknownUser = PasswordHash.CreateUnmatchable(iterations);
    }

    /// <summary>Number of users.</summary>
    public int Count => _users.Count;

    /// <summary>Wrong lines and other things to report.</summary>
    public IReadOnlyList<PasswordFileProblem> Problems { get; }

    /// <summary>What the password of an unknown user is compared with, so that it takes as long as for a known one.</summary>
    public PasswordHash UnknownUser { get; }

    /// <summary>Reads a file; one that cannot be read has no users and says so in its problems.</summary>
    public static PasswordFile Load(string path)
    {
        try
        {
            List<PasswordFileProblem> problems = [];
            if (SecretFile.IsOpenToOthers(path))
            {
                problems.Add(new PasswordFileProblem(0, "readable or writable by others than its owner; run chmod 600", false));
            }

            return Parse(File.ReadAllLines(path), problems);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new PasswordFile([], [new PasswordFileProblem(0, $"the file cannot be read: {e.Message}", true)]);
        }
    }

    public static PasswordFile Parse(IReadOnlyList<string> lines) => Parse(lines, []);

    public IPasswordVerifier? Find(string user) => _users.GetValueOrDefault(user);

    /// <summary>The user's SCRAM credential; null when it has none.</summary>
    public ScramCredential? FindScram(string user) => Find(user) as ScramCredential;

    /// <summary>Splits a line into user and hash; false for comments, blank lines and lines without a colon.</summary>
    public static bool TrySplit(string line, out string user, out string hash)
    {
        int colon = line.StartsWith('#') ? -1 : line.LastIndexOf(':');
        user = colon > 0 ? line[..colon] : "";
        hash = colon > 0 ? line[(colon + 1)..].Trim() : "";
        return colon > 0;
    }

    private static PasswordFile Parse(IReadOnlyList<string> lines, List<PasswordFileProblem> problems)
    {
        Dictionary<string, IPasswordVerifier> users = new(StringComparer.Ordinal);
        for (int i = 0; i < lines.Count; i++)
        {
            string line = lines[i];
            if (string.IsNullOrWhiteSpace(line) || line.StartsWith('#'))
            {
                continue;
            }

            if (ReadLine(line, users) is { } problem)
            {
                problems.Add(problem with { Line = i + 1 });
            }
        }

        return new PasswordFile(users, problems);
    }

    private static PasswordFileProblem? ReadLine(string line, Dictionary<string, IPasswordVerifier> users)
    {
        if (!TrySplit(line, out string user, out string text))
        {
            return new PasswordFileProblem(0, "not user:hash", true);
        }

        IPasswordVerifier? verifier = ScramCredential.TryParse(text, out ScramCredential? scram) ? scram
            : PasswordHash.TryParse(text, out PasswordHash? hash) ? hash
            : null;
        if (verifier is null)
        {
            return new PasswordFileProblem(0, $"the hash of user '{user}' cannot be read; set the password with broker passwd", true);
        }

        if (!users.TryAdd(user, verifier))
        {
            return new PasswordFileProblem(0, $"user '{user}' is here twice; the first line counts", true);
        }

        return verifier is PasswordHash { Iterations: < PasswordHash.DefaultIterations }
            ? new PasswordFileProblem(0, $"the hash of user '{user}' is too fast; set the password again", false)
            : null;
    }
}
