namespace Broker.Security.Acl;

/// <summary>
/// Topic Filters as sets of Topic Names: which have a topic in common, which contains which. Wildcards at the first level do not match
/// topics that begin with `$` [MQTT-4.7.2-1]. Arguments are valid filters without `$share/name/`.
/// </summary>
internal static class FilterSet
{
    /// <summary>True when some Topic Name matches both.</summary>
    public static bool Overlap(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        if ((IsReserved(a) && IsWildcard(b)) || (IsReserved(b) && IsWildcard(a)))
        {
            return false;
        }

        for (bool isFirst = true; ; isFirst = false)
        {
            ReadOnlySpan<byte> levelA = NextLevel(ref a, out bool lastA);
            ReadOnlySpan<byte> levelB = NextLevel(ref b, out bool lastB);
            if (IsMulti(levelA) || IsMulti(levelB))
            {
                return true;
            }

            if (!IsSingle(levelA) && !IsSingle(levelB) && !levelA.SequenceEqual(levelB))
            {
                return false;
            }

            if (lastA || lastB)
            {
                // x/# contains x as well, but no topic is empty
                bool isEmpty = isFirst && (levelA.IsEmpty || levelB.IsEmpty);
                return (lastA && lastB) || (!isEmpty && (lastA ? IsMulti(b) : IsMulti(a)));
            }
        }
    }

    /// <summary>True when every Topic Name that matches <paramref name="inner"/> matches <paramref name="outer"/>.</summary>
    public static bool Covers(ReadOnlySpan<byte> outer, ReadOnlySpan<byte> inner)
    {
        if (IsReserved(inner) && IsWildcard(outer))
        {
            return false;
        }

        if (IsMulti(inner))
        {
            // Every topic has a first level.
            return IsMulti(outer) || outer.SequenceEqual("+/#"u8);
        }

        if (inner.SequenceEqual("/#"u8))
        {
            inner = "/+/#"u8; // no topic is empty
        }

        while (true)
        {
            ReadOnlySpan<byte> levelOuter = NextLevel(ref outer, out bool lastOuter);
            if (IsMulti(levelOuter))
            {
                return true;
            }

            ReadOnlySpan<byte> levelInner = NextLevel(ref inner, out bool lastInner);
            if (IsMulti(levelInner) || (!IsSingle(levelOuter) && !levelOuter.SequenceEqual(levelInner)))
            {
                return false;
            }

            if (lastInner)
            {
                return lastOuter || IsMulti(outer);
            }

            if (lastOuter)
            {
                return false;
            }
        }
    }

    private static ReadOnlySpan<byte> NextLevel(ref ReadOnlySpan<byte> rest, out bool last)
    {
        int slash = rest.IndexOf((byte)'/');
        last = slash < 0;
        ReadOnlySpan<byte> level = last ? rest : rest[..slash];
        rest = last ? default : rest[(slash + 1)..];
        return level;
    }

    private static bool IsReserved(ReadOnlySpan<byte> filter) => filter[0] == (byte)'$';

    private static bool IsWildcard(ReadOnlySpan<byte> filter) => filter[0] is (byte)'+' or (byte)'#';

    private static bool IsMulti(ReadOnlySpan<byte> level) => level is [(byte)'#'];

    private static bool IsSingle(ReadOnlySpan<byte> level) => level is [(byte)'+'];
}
