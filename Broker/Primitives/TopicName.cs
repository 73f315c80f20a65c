namespace Broker.Primitives;

/// <summary>Rules for Topic Names: what a message is published to (MQTT 5.0 section 4.7). Topics are compared as UTF-8 bytes.</summary>
public static class TopicName
{
    /// <summary>Longest Topic Name, in bytes [MQTT-4.7.3-3].</summary>
    public const int MaximumLength = 65535;

    /// <summary>
    /// True for a Topic Name that may be published to: 1 to 65535 bytes [MQTT-4.7.3-1], valid UTF-8 without U+0000
    /// [MQTT-4.7.3-2] and without wildcards [MQTT-4.7.0-1].
    /// </summary>
    public static bool IsValid(ReadOnlySpan<byte> topic) =>
        topic.Length is > 0 and <= MaximumLength && topic.IndexOfAny((byte)'+', (byte)'#') < 0 && Utf8Rules.IsValidString(topic);

    /// <summary>True for topics that begin with `$`, which wildcards at the first level do not match [MQTT-4.7.2-1].</summary>
    public static bool IsReserved(ReadOnlySpan<byte> topic) => topic.Length > 0 && topic[0] == (byte)'$';
}
