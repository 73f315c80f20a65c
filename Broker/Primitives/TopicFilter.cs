using System.Text;

namespace Broker.Primitives;

/// <summary>A validated Topic Filter, with the ShareName split off (MQTT 5.0 sections 4.7 and 4.8).</summary>
public sealed class TopicFilter : IEquatable<TopicFilter>
{
    private readonly byte[] _bytes;
    private readonly int _filterStart;

    private TopicFilter(byte[] bytes, int filterStart, bool hasWildcards)
    {
        _bytes = bytes;
        _filterStart = filterStart;
        HasWildcards = hasWildcards;
    }

    private static ReadOnlySpan<byte> SharePrefix => "$share/"u8;

    /// <summary>The filter as the client sent it, `$share/name/` included.</summary>
    public ReadOnlySpan<byte> FullText => _bytes;

    /// <summary>The filter that topics are matched against, without `$share/name/`.</summary>
    public ReadOnlySpan<byte> Text => _bytes.AsSpan(_filterStart);

    /// <summary>The same as <see cref="Text"/>, to be kept.</summary>
    public ReadOnlyMemory<byte> TextMemory => _bytes.AsMemory(_filterStart);

    /// <summary>True for `$share/name/filter`.</summary>
    public bool IsShared => _filterStart > 0;

    /// <summary>The ShareName; empty when not shared.</summary>
    public ReadOnlySpan<byte> ShareName => IsShared ? _bytes.AsSpan(SharePrefix.Length, _filterStart - SharePrefix.Length - 1) : default;

    /// <summary>True when the filter contains `+` or `#`.</summary>
    public bool HasWildcards { get; }

    /// <summary>Parses a filter that is known to be good.</summary>
    /// <exception cref="FormatException">The filter is not valid.</exception>
    public static TopicFilter Parse(string text) =>
        TryParse(Encoding.UTF8.GetBytes(text), out var filter, out var error)
            ? filter
            : throw new FormatException($"'{text}' is not a Topic Filter: {error}.");

    /// <summary>Validates the bytes and copies them.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out TopicFilter filter, out TopicFilterError error)
    {
        error = Check(text, out var start, out var wildcards);
        filter = error == TopicFilterError.None ? new TopicFilter(text.ToArray(), start, wildcards) : null!;
        return error == TopicFilterError.None;
    }

    /// <summary>Validates the bytes only.</summary>
    internal static TopicFilterError Check(ReadOnlySpan<byte> text) => Check(text, out _, out _);

    /// <summary>True when a Topic Name matches this filter [MQTT-3.3.2-3].</summary>
    public bool Matches(ReadOnlySpan<byte> topic) => Matches(Text, topic);

    /// <summary>True when a Topic Name matches a valid filter given as bytes (without `$share/name/`).</summary>
    public static bool Matches(ReadOnlySpan<byte> filter, ReadOnlySpan<byte> topic)
    {
        if (TopicName.IsReserved(topic) && (filter[0] is (byte)'+' or (byte)'#'))
        {
            return false; // [MQTT-4.7.2-1]
        }

        while (true)
        {
            var level = NextLevel(ref filter, out var lastFilter);
            if (level is [(byte)'#'])
            {
                return true;
            }

            var name = NextLevel(ref topic, out var lastTopic);
            if (level is not [(byte)'+'] && !level.SequenceEqual(name)) // [MQTT-4.7.3-4]
            {
                return false;
            }

            if (lastTopic)
            {
                return lastFilter || filter is [(byte)'#'];
            }

            if (lastFilter)
            {
                return false;
            }
        }
    }

    /// <inheritdoc />
    public bool Equals(TopicFilter? other) => other is not null && FullText.SequenceEqual(other.FullText);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as TopicFilter);

    /// <inheritdoc />
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(FullText);
        return hash.ToHashCode();
    }

    /// <inheritdoc />
    public override string ToString() => Encoding.UTF8.GetString(_bytes);

    private static ReadOnlySpan<byte> NextLevel(ref ReadOnlySpan<byte> rest, out bool last)
    {
        var slash = rest.IndexOf((byte)'/');
        last = slash < 0;
        var level = last ? rest : rest[..slash];
        rest = last ? default : rest[(slash + 1)..];
        return level;
    }

    private static TopicFilterError Check(ReadOnlySpan<byte> text, out int filterStart, out bool wildcards)
    {
        filterStart = 0;
        wildcards = false;
        var error = CheckText(text);
        if (error == TopicFilterError.None && text.StartsWith(SharePrefix))
        {
            error = SplitShareName(text, out filterStart);
        }

        return error == TopicFilterError.None ? CheckWildcards(text[filterStart..], out wildcards) : error;
    }

    private static TopicFilterError CheckText(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > TopicName.MaximumLength)
        {
            return TopicFilterError.Length;
        }

        return Utf8Rules.IsValidString(text) ? TopicFilterError.None : TopicFilterError.Encoding;
    }

    private static TopicFilterError SplitShareName(ReadOnlySpan<byte> text, out int filterStart)
    {
        var rest = text[SharePrefix.Length..];
        var slash = rest.IndexOf((byte)'/');
        filterStart = SharePrefix.Length + slash + 1;
        return slash <= 0 || slash == rest.Length - 1 || rest[..slash].IndexOfAny((byte)'+', (byte)'#') >= 0
            ? TopicFilterError.ShareName
            : TopicFilterError.None;
    }

    private static TopicFilterError CheckWildcards(ReadOnlySpan<byte> filter, out bool wildcards)
    {
        wildcards = false;
        var last = false;
        while (!last)
        {
            var level = NextLevel(ref filter, out last);
            var at = level.IndexOfAny((byte)'+', (byte)'#');
            if (at < 0)
            {
                continue;
            }

            wildcards = true;
            if (level.Contains((byte)'#') && (level.Length != 1 || !last))
            {
                return TopicFilterError.MultiLevelWildcard;
            }

            if (level.Length != 1)
            {
                return TopicFilterError.SingleLevelWildcard;
            }
        }

        return TopicFilterError.None;
    }
}
