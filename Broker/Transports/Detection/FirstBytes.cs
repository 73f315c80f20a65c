using System.Buffers;
using System.Text;

namespace Broker.Transports.Detection;

/// <summary>Says in words what the first bytes of a connection look like, for the log.</summary>
internal static class FirstBytes
{
    private const int Shown = 16;

    public static string Describe(in ReadOnlySequence<byte> buffer)
    {
        Span<byte> start = stackalloc byte[Shown];
        int length = (int)Math.Min(buffer.Length, Shown);
        buffer.Slice(0, length).CopyTo(start);
        return Describe(start[..length]);
    }

    public static string Describe(ReadOnlySpan<byte> start)
    {
        if (start.IsEmpty)
        {
            return "nothing";
        }
        string shown = Show(start[..Math.Min(start.Length, Shown)]);
        return Recognize(start) is { } name ? $"{name} ({shown})" : shown;
    }

    private static string? Recognize(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("SSH-"u8))
        {
            return "SSH";
        }
        if (start.StartsWith("PRI "u8))
        {
            return "HTTP/2 without TLS";
        }
        return start switch
        {
            [0x03, 0x00, ..] => "Remote Desktop",
            [0x80, _, 0x01, ..] => "an SSL 2 ClientHello",
            [0x15, 0x03, ..] => "a TLS alert",
            [0x20, ..] => "a CONNACK, which only a broker sends",
            [>= 0x30 and <= 0x3F, ..] => "an MQTT PUBLISH or a private TCP DATATRANS before CONNECT",
            [0x40 or 0x60, ..] => "a private TCP frame or an MQTT packet before CONNECT",
            [0x82 or 0xA2 or 0xC0 or 0xE0 or 0xF0, ..] => "an MQTT packet before CONNECT",
            _ => null,
        };
    }

    /// <summary>Text stays readable, anything else is hex; nothing a client sends can break a log line.</summary>
    private static string Show(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> text = bytes.TrimEnd("\r\n"u8);
        return text.Length > 1 && !text.ContainsAnyExceptInRange((byte)' ', (byte)'~')
            ? $"\"{Encoding.ASCII.GetString(text)}\""
            : Convert.ToHexString(bytes);
    }
}
