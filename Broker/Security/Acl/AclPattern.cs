using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Broker.Core.Sessions;

namespace Broker.Security.Acl;

/// <summary>
/// The Topic Filter of a rule, in which `%c` and `%u` stand for the client's own ClientId and Username, and `{name}` for a claim about it.
/// Clients choose these values, or may have a say in them, so one that would change the meaning of the filter is not put in.
/// </summary>
internal sealed partial class AclPattern
{
    private static readonly SearchValues<char> Unsafe = SearchValues.Create("/+#\0");

    private readonly byte[]? _filter;
    private readonly Regex _placeholder;

    /// <param name="text">A valid Topic Filter.</param>
    /// <param name="placeholders">What is more than ordinary text in it.</param>
    public AclPattern(string text, AclPlaceholders placeholders = AclPlaceholders.All)
    {
        Text = text;
        _placeholder = placeholders == AclPlaceholders.Names ? Names() : All();
        if (placeholders == AclPlaceholders.None || !_placeholder.IsMatch(text))
        {
            _filter = Encoding.UTF8.GetBytes(text);
        }
    }

    /// <summary>The filter as it stands in the file.</summary>
    public string Text { get; }

    /// <summary>The filter, the same for everybody; null when it contains placeholders.</summary>
    public byte[]? Filter => _filter;

    /// <summary>
    /// The filter for one client. Where a value is missing or would widen the filter, an allow rule has none, and a deny rule denies all that
    /// lies below the last level that is certain.
    /// </summary>
    public byte[]? For(ClientIdentity client, bool allows)
    {
        if (_filter is not null)
        {
            return _filter;
        }

        string[] levels = Text.Split('/');
        for (int i = 0; i < levels.Length; i++)
        {
            if (!TryFill(levels[i], client, isFirst: i == 0, out string level))
            {
                return allows ? null : Encoding.UTF8.GetBytes(string.Join('/', [.. levels[..i], "#"]));
            }

            levels[i] = level;
        }

        return Encoding.UTF8.GetBytes(string.Join('/', levels));
    }

    [GeneratedRegex("%[cu]")]
    private static partial Regex Names();

    [GeneratedRegex(@"%[cu]|\{[^/{}]+\}")]
    private static partial Regex All();

    private bool TryFill(string level, ClientIdentity client, bool isFirst, out string filled)
    {
        bool isSafe = true;
        filled = _placeholder.Replace(level, placeholder =>
        {
            string value = ValueOf(placeholder.Value, client) ?? "";
            isSafe &= value.Length > 0 && value.AsSpan().IndexOfAny(Unsafe) < 0;
            return value;
        });

        // A level that a client makes begin with $ would open the broker's own topics.
        return isSafe && !(isFirst && filled.StartsWith('$') && !level.StartsWith('$'));
    }

    private static string? ValueOf(string placeholder, ClientIdentity client) => placeholder switch
    {
        "%c" => client.ClientId,
        "%u" => client.Username,
        _ => client.Grants is { } grants ? ClaimPath.FindText(grants.Claims, placeholder[1..^1]) : null,
    };
}
