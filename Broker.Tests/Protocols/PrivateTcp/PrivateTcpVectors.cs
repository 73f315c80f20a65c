namespace Broker.Tests.Protocols.PrivateTcp;

/// <summary>The vectors of the protocol's document, shared by the codec's and the gateway's tests.</summary>
internal static class PrivateTcpVectors
{
    public static readonly byte[] Connect = Bytes("11 00 07 3c 00 04 61 62 63 64");

    public static readonly byte[] LegacyConnect = Bytes("10 00 07 3c 00 04 61 62 63 64");

    public static readonly byte[] ConnectWithCredentials =
        Bytes("11 00 13 3c 00 04 61 62 63 64 00 04 61 62 63 64 00 04 61 62 63 64");

    public static readonly byte[] ConnAckSuccess =
        Bytes("20 00 14 43 6f 6e 6e 65 63 74 20 53 75 63 63 65 73 73 66 75 6c 6c 79");

    public static readonly byte[] ConnAckAuthenticationFailed = Bytes("21 00 00");

    public static readonly byte[] DataTrans = Bytes("30 00 04 61 62 63 64");

    public static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
