using System.Buffers;
using System.Text;
using Broker.Primitives;

namespace Broker.Protocols.PrivateTcp;

/// <summary>
/// A topic with placeholders, such as `tcp/%c/up`: `%c` is the ClientId, `%u` the Username. Expanded once per connection.
/// What devices put in must not lead them to topics of others, so values are checked before they become part of a topic.
/// </summary>
internal sealed class TopicTemplate
{
    private static readonly SearchValues<char> Wildcards = SearchValues.Create('+', '#', '\0');

    private readonly string _text;
    private readonly bool _usesClientId;

    private TopicTemplate(string text)
    {
        _text = text;
        _usesClientId = text.Contains("%c", StringComparison.Ordinal);
        UsesUsername = text.Contains("%u", StringComparison.Ordinal);
    }

    /// <summary>True when the template has `%u`.</summary>
    public bool UsesUsername { get; }

    /// <summary>Parses a template that is known to be good.</summary>
    /// <exception cref="FormatException">The template is not valid.</exception>
    public static TopicTemplate Parse(string text) =>
        TryParse(text, out var template, out var error)
            ? template
            : throw new FormatException($"'{text}' is not a topic template: {error}.");

    /// <summary>Checks a template.</summary>
    public static bool TryParse(string text, out TopicTemplate template, out TopicTemplateError error)
    {
        template = new TopicTemplate(text);
        error = Check(text);
        return error == TopicTemplateError.None;
    }

    /// <summary>Puts a device's values in.</summary>
    /// <param name="clientId">ClientId of CONNECT.</param>
    /// <param name="username">Username of CONNECT, if any.</param>
    /// <param name="allowSlash">Whether values may hold `/` and so span levels.</param>
    /// <param name="topic">The topic as UTF-8; empty unless the result is <see cref="TopicTemplateOutcome.Expanded"/>.</param>
    public TopicTemplateOutcome Expand(string clientId, string? username, bool allowSlash, out byte[] topic)
    {
        topic = [];
        if (UsesUsername && string.IsNullOrEmpty(username))
        {
            return TopicTemplateOutcome.UsernameMissing;
        }

        var outcome = _usesClientId ? CheckValue(clientId, allowSlash) : TopicTemplateOutcome.Expanded;
        if (outcome == TopicTemplateOutcome.Expanded && UsesUsername)
        {
            outcome = CheckValue(username!, allowSlash);
        }

        if (outcome != TopicTemplateOutcome.Expanded)
        {
            return outcome;
        }

        var bytes = Encoding.UTF8.GetBytes(Substitute(clientId, username));
        if (bytes.Length > TopicName.MaximumLength)
        {
            return TopicTemplateOutcome.TooLong;
        }

        if (TopicName.IsReserved(bytes) && _text[0] != '$')
        {
            return TopicTemplateOutcome.ReservedTopic;
        }

        topic = bytes;
        return TopicTemplateOutcome.Expanded;
    }

    /// <inheritdoc />
    public override string ToString() => _text;

    private static TopicTemplateError Check(string text)
    {
        if (text.Length == 0)
        {
            return TopicTemplateError.Empty;
        }

        if (text.AsSpan().ContainsAny(Wildcards))
        {
            return TopicTemplateError.InvalidTopic;
        }

        for (var at = text.IndexOf('%'); at >= 0; at = text.IndexOf('%', at + 1))
        {
            if (at + 1 == text.Length || text[at + 1] is not ('c' or 'u'))
            {
                return TopicTemplateError.UnknownPlaceholder;
            }
        }

        return TopicTemplateError.None;
    }

    private static TopicTemplateOutcome CheckValue(string value, bool allowSlash)
    {
        if (value.AsSpan().ContainsAny(Wildcards))
        {
            return TopicTemplateOutcome.WildcardInValue;
        }

        return !allowSlash && value.Contains('/') ? TopicTemplateOutcome.SlashInValue : TopicTemplateOutcome.Expanded;
    }

    // One pass, so that a `%u` inside a ClientId stays what it is.
    private string Substitute(string clientId, string? username)
    {
        var topic = new StringBuilder(_text.Length + clientId.Length);
        for (var at = 0; at < _text.Length; at++)
        {
            if (_text[at] == '%')
            {
                topic.Append(_text[++at] == 'c' ? clientId : username);
            }
            else
            {
                topic.Append(_text[at]);
            }
        }

        return topic.ToString();
    }
}
