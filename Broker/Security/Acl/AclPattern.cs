using System.Buffers;
using System.Text;
using Broker.Core.Sessions;

namespace Broker.Security.Acl;

/// <summary>
/// The Topic Filter of a rule, in which `%c` and `%u` stand for the client's own ClientId and Username. Clients choose these values, so one
/// that would change the meaning of the filter is not put in.
/// </summary>
internal sealed class AclPattern
{
    private static readonly SearchValues<char> Unsafe = SearchValues.Create("/+#\0");

    private readonly byte[]? _filter;

    /// <param name="text">A valid Topic Filter.</param>
    /// <param name="hasPlaceholders">False where `%c` and `%u` are ordinary text.</param>
    public AclPattern(string text, bool hasPlaceholders = true)
    {
        Text = text;
        if (!hasPlaceholders || (!text.Contains("%c", StringComparison.Ordinal) && !text.Contains("%u", StringComparison.Ordinal)))
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

    private static bool TryFill(string level, ClientIdentity client, bool isFirst, out string filled)
    {
        StringBuilder text = new(level.Length);
        bool isSafe = true;
        for (int i = 0; i < level.Length; i++)
        {
            char next = level[i] == '%' && i + 1 < level.Length ? level[i + 1] : '\0';
            if (next is not ('c' or 'u'))
            {
                text.Append(level[i]);
                continue;
            }

            string value = (next == 'c' ? client.ClientId : client.Username) ?? "";
            isSafe &= value.Length > 0 && value.AsSpan().IndexOfAny(Unsafe) < 0;
            text.Append(value);
            i++;
        }

        filled = text.ToString();

        // A level that a client makes begin with $ would open the broker's own topics.
        return isSafe && !(isFirst && filled.StartsWith('$') && !level.StartsWith('$'));
    }
}
