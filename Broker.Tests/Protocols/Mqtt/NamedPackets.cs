using Broker.Protocols.Mqtt;

namespace Broker.Tests.Protocols.Mqtt;

/// <summary>Packets with names, as they are on the wire; shared by the tests. Spaces separate fields.</summary>
internal static class NamedPackets
{
    // 3.1
    public const string Connect31 = "10 13 0006 4D5149736470 03 02 003C 0005 6465763031";
    public const string Connect31UsernameFlagWithoutUsername = "10 13 0006 4D5149736470 03 C2 003C 0005 6465763031";
    public const string Connect31DupInHeader = "18 13 0006 4D5149736470 03 02 003C 0005 6465763031";

    // 3.1.1
    public const string Connect311 = "10 11 0004 4D515454 04 02 003C 0005 6465763031";
    public const string Connect311WillAndLogin = "10 1D 0004 4D515454 04 EE 000A 0003 646576 0001 77 0002 6F66 0001 75 0002 7077";
    public const string ConnAck311Accepted = "20 02 01 00";
    public const string ConnAck311NotAuthorized = "20 02 00 05";
    public const string PublishQos0 = "30 05 0003 612F62";
    public const string PublishQos1 = "32 09 0003 612F62 000A 6869";
    public const string PublishQos2DupRetain = "3D 09 0003 612F62 000A 6869";
    public const string PubAck = "40 02 000A";
    public const string PubRec = "50 02 000A";
    public const string PubRel = "62 02 000A";
    public const string PubComp = "70 02 000A";
    public const string Subscribe311 = "82 0C 000A 0001 23 01 0003 612F62 02";
    public const string SubAck311 = "90 04 000A 01 80";
    public const string Unsubscribe311 = "A2 08 000A 0001 23 0001 62";
    public const string UnsubAck311 = "B0 02 000A";
    public const string PingReq = "C0 00";
    public const string PingResp = "D0 00";
    public const string Disconnect = "E0 00";

    // 5.0
    public const string Connect5 = "10 12 0004 4D515454 05 02 003C 00 0005 6465763031";
    public const string Connect5AllProperties =
        "10 3A 0004 4D515454 05 02 003C 28 11 00000E10 21 0014 27 00010000 22 000A 19 01 17 00 26 0001 6B 0001 76 15 0005 504C41494E"
        + " 16 0002 0001 0005 6465763031";
    public const string Connect5Will =
        "10 2E 0004 4D515454 05 0E 003C 00 0001 63 18 18 00000005 26 0001 62 0001 31 02 0000003C 26 0001 61 0001 32 0001 74 0002 6F66";
    public const string Connect5PasswordOnly = "10 13 0004 4D515454 05 42 003C 00 0003 646576 0001 70";
    public const string ConnAck5 = "20 0B 00 00 08 21 0014 22 000A 29 01";
    public const string Publish5 = "30 08 0003 612F62 00 6869";
    public const string Publish5ForwardableProperties =
        "32 20 0003 612F62 000A 15 01 01 03 0001 74 08 0001 72 09 0001 FF 26 0001 6B 0001 76 6869 21";
    public const string Publish5ExpiryBetweenUserProperties =
        "30 1B 0003 612F62 13 26 0001 62 0001 31 02 0000003C 26 0001 61 0001 32 6869";
    public const string Publish5AliasOnly = "30 08 0000 03 23 0005 6869";
    public const string Publish5FromServerWithIdentifiers = "30 0C 0003 612F62 04 0B 07 0B 08 6869";
    public const string PubAck5WithCode = "40 03 000A 10";
    public const string PubAck5WithReason = "40 09 000A 10 05 1F 0002 6E6F";
    public const string PubRec5Failure = "50 03 000A 97";
    public const string PubRel5NotFound = "62 04 000A 92 00";
    public const string Subscribe5 = "82 0E 000A 03 0B 8001 0001 23 2D 0001 62 00";
    public const string SubAck5 = "90 06 000A 00 00 01 87";
    public const string Unsubscribe5 = "A2 06 000A 00 0001 23";
    public const string UnsubAck5 = "B0 05 000A 00 00 11";
    public const string Disconnect5WithWill = "E0 01 04";
    public const string Disconnect5Expiry = "E0 07 00 05 11 0000000A";
    public const string Disconnect5FromServer = "E0 0A 9D 08 1C 0005 6F74686572";
    public const string Auth5 = "F0 0A 18 08 15 0001 53 16 0001 01";
    public const string Auth5Success = "F0 00";

    /// <summary>Packets that a broker reads, with the version to read them in.</summary>
    public static IEnumerable<(MqttVersion Version, string Hex)> FromClient =>
    [
        (MqttVersion.V31, Connect31), (MqttVersion.V31, Connect31UsernameFlagWithoutUsername), (MqttVersion.V31, Connect31DupInHeader),
        (MqttVersion.V311, Connect311), (MqttVersion.V311, Connect311WillAndLogin), (MqttVersion.V311, PublishQos0),
        (MqttVersion.V311, PublishQos1), (MqttVersion.V311, PublishQos2DupRetain), (MqttVersion.V311, PubAck),
        (MqttVersion.V311, PubRec), (MqttVersion.V311, PubRel), (MqttVersion.V311, PubComp), (MqttVersion.V311, Subscribe311),
        (MqttVersion.V311, Unsubscribe311), (MqttVersion.V311, PingReq), (MqttVersion.V311, Disconnect),
        (MqttVersion.V5, Connect5), (MqttVersion.V5, Connect5AllProperties), (MqttVersion.V5, Connect5Will),
        (MqttVersion.V5, Connect5PasswordOnly), (MqttVersion.V5, Publish5), (MqttVersion.V5, Publish5ForwardableProperties),
        (MqttVersion.V5, Publish5ExpiryBetweenUserProperties), (MqttVersion.V5, Publish5AliasOnly), (MqttVersion.V5, PubAck),
        (MqttVersion.V5, PubAck5WithCode), (MqttVersion.V5, PubAck5WithReason), (MqttVersion.V5, PubRec5Failure),
        (MqttVersion.V5, PubRel5NotFound), (MqttVersion.V5, Subscribe5), (MqttVersion.V5, Unsubscribe5), (MqttVersion.V5, PingReq),
        (MqttVersion.V5, Disconnect), (MqttVersion.V5, Disconnect5WithWill), (MqttVersion.V5, Disconnect5Expiry),
        (MqttVersion.V5, Auth5), (MqttVersion.V5, Auth5Success),
    ];

    /// <summary>Packets that a client reads.</summary>
    public static IEnumerable<(MqttVersion Version, string Hex)> FromServer =>
    [
        (MqttVersion.V311, ConnAck311Accepted), (MqttVersion.V311, ConnAck311NotAuthorized), (MqttVersion.V311, SubAck311),
        (MqttVersion.V311, UnsubAck311), (MqttVersion.V311, PingResp), (MqttVersion.V5, ConnAck5),
        (MqttVersion.V5, Publish5FromServerWithIdentifiers), (MqttVersion.V5, SubAck5), (MqttVersion.V5, UnsubAck5),
        (MqttVersion.V5, Disconnect5FromServer), (MqttVersion.V5, Auth5),
    ];

    public static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
