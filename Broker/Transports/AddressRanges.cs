using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Broker.Transports;

/// <summary>A set of IP address ranges.</summary>
internal sealed class AddressRanges(IReadOnlyList<IPNetwork> networks)
{
    private static readonly AddressRanges Loopback = new([IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")]);

    /// <summary>Reads the peers whose PROXY protocol header is believed; none given means loopback only.</summary>
    /// <exception cref="FormatException">One of them cannot be read.</exception>
    public static AddressRanges ParseTrustedPeers(IReadOnlyList<string> ranges)
    {
        if (ranges.Count == 0)
        {
            return Loopback;
        }
        var networks = new List<IPNetwork>(ranges.Count);
        foreach (string range in ranges)
        {
            if (!TryParseRange(range, out IPNetwork? network))
            {
                throw new FormatException($"trusted peer '{range}' is not an IP address or CIDR");
            }
            networks.Add(network.Value);
        }
        return new AddressRanges(networks);
    }

    /// <summary>Reads an address or a CIDR; bits below the prefix are ignored, as firewalls do.</summary>
    public static bool TryParseRange(string text, [NotNullWhen(true)] out IPNetwork? network)
    {
        network = null;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IPAddress.TryParse(slash < 0 ? text : text[..slash], out IPAddress? address))
        {
            return false;
        }
        byte[] bytes = address.GetAddressBytes();
        int prefix = bytes.Length * 8;
        if (slash >= 0)
        {
            bool isNumber = int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int given);
            if (!isNumber || given > prefix)
            {
                return false;
            }
            prefix = given;
        }
        ClearHostBits(bytes, prefix);
        network = new IPNetwork(new IPAddress(bytes), prefix);
        return true;
    }

    public bool Contains(IPAddress address)
    {
        foreach (IPNetwork network in networks)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }
        return false;
    }

    private static void ClearHostBits(byte[] address, int prefix)
    {
        for (int i = 0; i < address.Length; i++)
        {
            int kept = Math.Clamp(prefix - (i * 8), 0, 8);
            address[i] &= (byte)(0xFF << (8 - kept));
        }
    }
}
