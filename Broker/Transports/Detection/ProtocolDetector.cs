using System.Buffers;

namespace Broker.Transports.Detection;

/// <summary>
/// Tells from the first bytes of a connection what it speaks. Never guesses: as long as the bytes fit more than one protocol the
/// answer is <see cref="DetectedProtocol.NeedMore"/>, which <see cref="LongestUndecided"/> bytes always end.
/// </summary>
/// <remarks>
/// <code>
/// 0x10, remaining length >= 12, 00 04 MQTT | 00 06 MQIsdp   MQTT
/// 0x10 otherwise, 0x11 to 0x1F                              private TCP
/// 0x16 0x03                                                 TLS
/// method SP                                                 HTTP
/// "PROXY " | 0D 0A 0D 0A 00 0D 0A 51 55 49 54 0A            PROXY protocol v1 | v2
/// </code>
/// </remarks>
internal static class ProtocolDetector
{
    /// <summary>No input of this many bytes is undecided: an MQTT fixed header of 5 bytes and the longest protocol name.</summary>
    public const int LongestUndecided = 16;

    /// <summary>Remaining Length of the shortest CONNECT: name 6, level 1, flags 1, Keep Alive 2, empty ClientId 2.</summary>
    private const int ShortestConnectLength = 12;

    private const byte ConnectByte = 0x10;
    private const byte TlsHandshakeByte = 0x16;
    private const byte TlsMajorVersion = 0x03;

    private static ReadOnlySpan<byte> ProxyV1Start => "PROXY "u8;

    private static ReadOnlySpan<byte> ProxyV2Signature => [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    private static ReadOnlySpan<byte> MqttName => "\0\u0004MQTT"u8;

    private static ReadOnlySpan<byte> MqIsdpName => "\0\u0006MQIsdp"u8;

    public static DetectedProtocol Detect(in ReadOnlySequence<byte> buffer)
    {
        if (buffer.FirstSpan.Length >= LongestUndecided || buffer.IsSingleSegment)
        {
            return Detect(buffer.FirstSpan);
        }
        Span<byte> start = stackalloc byte[LongestUndecided];
        int length = (int)Math.Min(buffer.Length, LongestUndecided);
        buffer.Slice(0, length).CopyTo(start);
        return Detect(start[..length]);
    }

    public static DetectedProtocol Detect(ReadOnlySpan<byte> start)
    {
        if (start.IsEmpty)
        {
            return DetectedProtocol.NeedMore;
        }
        return start[0] switch
        {
            ConnectByte => DetectConnect(start[1..]),
            TlsHandshakeByte => DetectTls(start),
            > ConnectByte and <= 0x1F => DetectedProtocol.PrivateTcp,
            0x0D => DetectStart(start, ProxyV2Signature, DetectedProtocol.ProxyV2),
            >= (byte)'A' and <= (byte)'Z' => DetectText(start),
            _ => DetectedProtocol.Unknown,
        };
    }

    private static DetectedProtocol DetectTls(ReadOnlySpan<byte> start) => start switch
    {
        [_] => DetectedProtocol.NeedMore,
        [_, TlsMajorVersion, ..] => DetectedProtocol.Tls,
        _ => DetectedProtocol.PrivateTcp,
    };

    /// <summary>Decides between MQTT and the 3.x dialect of private TCP, from the bytes after 0x10.</summary>
    private static DetectedProtocol DetectConnect(ReadOnlySpan<byte> rest)
    {
        int remainingLength = 0;
        for (int i = 0; i < 4; i++)
        {
            if (i == rest.Length)
            {
                return DetectedProtocol.NeedMore;
            }
            remainingLength |= (rest[i] & 0x7F) << (7 * i);
            if (rest[i] < 0x80)
            {
                return remainingLength < ShortestConnectLength ? DetectedProtocol.PrivateTcp : DetectName(rest[(i + 1)..]);
            }
        }
        return DetectedProtocol.PrivateTcp;
    }

    private static DetectedProtocol DetectName(ReadOnlySpan<byte> name)
    {
        if (name.StartsWith(MqttName) || name.StartsWith(MqIsdpName))
        {
            return DetectedProtocol.Mqtt;
        }
        return MqttName.StartsWith(name) || MqIsdpName.StartsWith(name) ? DetectedProtocol.NeedMore : DetectedProtocol.PrivateTcp;
    }

    private static DetectedProtocol DetectText(ReadOnlySpan<byte> start)
    {
        DetectedProtocol proxy = DetectStart(start, ProxyV1Start, DetectedProtocol.ProxyV1);
        if (proxy != DetectedProtocol.Unknown)
        {
            return proxy;
        }
        DetectedProtocol http = DetectedProtocol.Unknown;
        foreach (byte[] method in HttpMethods.All)
        {
            DetectedProtocol match = DetectStart(start, method, DetectedProtocol.Http);
            if (match == DetectedProtocol.Http)
            {
                return match;
            }
            http = match == DetectedProtocol.NeedMore ? match : http;
        }
        return http;
    }

    private static DetectedProtocol DetectStart(ReadOnlySpan<byte> start, ReadOnlySpan<byte> expected, DetectedProtocol protocol)
    {
        if (start.StartsWith(expected))
        {
            return protocol;
        }
        return expected.StartsWith(start) ? DetectedProtocol.NeedMore : DetectedProtocol.Unknown;
    }

    /// <summary>The methods of RFC 9110 and PATCH, each with the space that must follow.</summary>
    private static class HttpMethods
    {
        public static readonly byte[][] All =
        [
            "GET "u8.ToArray(), "POST "u8.ToArray(), "PUT "u8.ToArray(), "HEAD "u8.ToArray(), "DELETE "u8.ToArray(),
            "OPTIONS "u8.ToArray(), "PATCH "u8.ToArray(), "CONNECT "u8.ToArray(), "TRACE "u8.ToArray(),
        ];
    }
}
