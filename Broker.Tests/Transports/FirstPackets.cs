namespace Broker.Tests.Transports;

/// <summary>What clients of each protocol begin with.</summary>
internal static class FirstPackets
{
    public static readonly byte[] Mqtt = Convert.FromHexString("101000044D5154540402003C000461626364");

    public static readonly byte[] PrivateTcp = Convert.FromHexString("1100073C000461626364");

    public static readonly byte[] LegacyPrivateTcp = Convert.FromHexString("1000073C000461626364");

    /// <summary>A PROXY protocol v2 header for a client 192.0.2.1:56324.</summary>
    public static readonly byte[] ProxyV2 = Convert.FromHexString("0D0A0D0A000D0A515549540A" + "2111000C" + "C0000201" + "7F000001" + "DC04075B");

    /// <summary>The same in version 1.</summary>
    public static readonly byte[] ProxyV1 = "PROXY TCP4 192.0.2.1 127.0.0.1 56324 1883\r\n"u8.ToArray();
}
