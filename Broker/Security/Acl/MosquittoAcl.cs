namespace Broker.Security.Acl;

/// <summary>
/// Reads Mosquitto's acl_file: `user NAME`, `topic [read|write|readwrite|deny] FILTER` for the user above (for anonymous clients before the
/// first), `pattern …` for everybody with `%c` and `%u`. As there, a client's denials come before its permissions, and topics before patterns.
/// </summary>
internal sealed class MosquittoAcl
{
    private readonly List<AclRule> _topicDenials = [];
    private readonly List<AclRule> _topics = [];
    private readonly List<AclRule> _patternDenials = [];
    private readonly List<AclRule> _patterns = [];
    private string? _user;

    /// <summary>True for a line of this syntax.</summary>
    public static bool IsLine(string text) => FirstWord(text) is "user" or "topic" or "pattern";

    /// <summary>Reads one line.</summary>
    /// <exception cref="AclSyntaxException">It cannot be read.</exception>
    public void Read(string text, int line)
    {
        string keyword = FirstWord(text);
        string rest = text.Trim()[keyword.Length..].Trim();
        if (keyword == "user")
        {
            _user = rest.Length > 0 ? rest : throw new AclSyntaxException("the Username is missing");
            return;
        }

        bool isPattern = keyword == "pattern";
        (bool allows, AclActions actions) = Access(FirstWord(rest));
        if (actions == AclActions.None)
        {
            (allows, actions) = (true, AclActions.All);
        }
        else
        {
            rest = rest[FirstWord(rest).Length..].Trim();
        }

        AclWho who = isPattern ? new AclWho() : new AclWho { User = _user, IsAnonymous = _user is null };
        AclPattern pattern = new(AclLineReader.CheckFilter(rest), isPattern ? AclPlaceholders.Names : AclPlaceholders.None);
        AclRule rule = new() { Line = line, Text = text.Trim(), Allows = allows, Who = who, Actions = actions, Pattern = pattern };
        (isPattern ? (allows ? _patterns : _patternDenials) : (allows ? _topics : _topicDenials)).Add(rule);
    }

    /// <summary>The rules read, in the order in which they are evaluated.</summary>
    public IReadOnlyList<AclRule> Rules() =>
        [.. _topicDenials.Concat(_topics).Concat(_patternDenials).Concat(_patterns).Select(static (rule, order) => new AclRule
        {
            Order = order,
            Line = rule.Line,
            Text = rule.Text,
            Allows = rule.Allows,
            Who = rule.Who,
            Actions = rule.Actions,
            Pattern = rule.Pattern,
        })];

    private static (bool Allows, AclActions Actions) Access(string word) => word switch
    {
        "read" => (true, AclActions.Subscribe),
        "write" => (true, AclActions.Publish),
        "readwrite" => (true, AclActions.All),
        "deny" => (false, AclActions.All),
        _ => (true, AclActions.None),
    };

    private static string FirstWord(string text)
    {
        string trimmed = text.TrimStart();
        int end = trimmed.AsSpan().IndexOfAny(' ', '\t');
        return end < 0 ? trimmed : trimmed[..end];
    }
}
