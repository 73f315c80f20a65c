using System.Text.Unicode;

namespace Broker.Primitives;

/// <summary>What a UTF-8 Encoded String may hold (MQTT 5.0 section 1.5.4).</summary>
public static class Utf8Rules
{
    /// <summary>
    /// True when the bytes are well-formed UTF-8 without surrogates [MQTT-1.5.4-1] and without U+0000 [MQTT-1.5.4-2].
    /// U+FEFF is kept as it is [MQTT-1.5.4-3].
    /// </summary>
    public static bool IsValidString(ReadOnlySpan<byte> text) => !text.Contains((byte)0) && Utf8.IsValid(text);
}
