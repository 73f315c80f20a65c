using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Broker.Transports.Proxy;

/// <summary>
/// PROXY protocol version 1, one line of text:
/// <code>
/// "PROXY" SP ("TCP4" | "TCP6") SP source SP destination SP sport SP dport CRLF
/// "PROXY" SP "UNKNOWN" anything CRLF
/// </code>
/// </summary>
internal static class ProxyHeaderV1
{
    public const byte FirstByte = (byte)'P';

    /// <summary>The longest line the protocol allows, CRLF included.</summary>
    public const int LongestHeader = 107;

    private static ReadOnlySpan<byte> Prefix => "PROXY "u8;

    public static ProxyHeaderStatus TryRead(ReadOnlySpan<byte> bytes, out ProxyHeader header, out int length)
    {
        header = default;
        length = 0;
        ReadOnlySpan<byte> start = bytes[..Math.Min(bytes.Length, Prefix.Length)];
        if (!Prefix.StartsWith(start))
        {
            return ProxyHeaderStatus.Malformed;
        }
        ReadOnlySpan<byte> longest = bytes[..Math.Min(bytes.Length, LongestHeader)];
        int end = longest.IndexOf("\r\n"u8);
        if (end < 0)
        {
            return longest.Length < LongestHeader ? ProxyHeaderStatus.NeedMore : ProxyHeaderStatus.Malformed;
        }
        length = end + 2;
        return TryReadLine(longest[..end], out header) ? ProxyHeaderStatus.Done : ProxyHeaderStatus.Malformed;
    }

    private static bool TryReadLine(ReadOnlySpan<byte> line, out ProxyHeader header)
    {
        header = default;
        string[] words = Encoding.ASCII.GetString(line).Split(' ');
        if (words is ["PROXY", "UNKNOWN", ..])
        {
            return true;
        }
        AddressFamily? family = words is ["PROXY", _, _, _, _, _] ? FamilyOf(words[1]) : null;
        if (family is null
            || !TryReadEndPoint(words[2], words[4], family.Value, out IPEndPoint? source)
            || !TryReadEndPoint(words[3], words[5], family.Value, out _))
        {
            return false;
        }
        header = new ProxyHeader(source);
        return true;
    }

    private static AddressFamily? FamilyOf(string word) => word switch
    {
        "TCP4" => AddressFamily.InterNetwork,
        "TCP6" => AddressFamily.InterNetworkV6,
        _ => null,
    };

    private static bool TryReadEndPoint(string addressText, string portText, AddressFamily family, out IPEndPoint? endPoint)
    {
        endPoint = null;
        // IPAddress also reads 1 and 0x7f.1; the protocol has the canonical dotted quad only
        bool isCanonical = family != AddressFamily.InterNetwork || addressText.AsSpan().Count('.') == 3;
        if (!isCanonical || !IPAddress.TryParse(addressText, out IPAddress? address) || address.AddressFamily != family)
        {
            return false;
        }
        if (!ushort.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
        {
            return false;
        }
        endPoint = new IPEndPoint(address, port);
        return true;
    }
}
