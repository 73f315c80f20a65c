using System.Text;
using Broker.Primitives;
using Broker.Protocols.Mqtt;

namespace Broker.Tests.Protocols.Mqtt;

/// <summary>Random valid packets.</summary>
internal static class SamplePackets
{
    private static readonly MqttVersion[] Versions = [MqttVersion.V31, MqttVersion.V311, MqttVersion.V5];

    public static MqttVersion Version(Random random) => Versions[random.Next(Versions.Length)];

    /// <summary>A packet of any type.</summary>
    public static (MqttVersion Version, PacketSender Sender, byte[] Packet) Any(Random random)
    {
        var version = Version(random);
        return random.Next(12) switch
        {
            0 => Connect(random),
            1 => (version, PacketSender.Server, Wire.Written(to => MqttWriter.WriteConnAck(to, version, ConnAck(random, version)))),
            2 => (version, PacketSender.Client, Ack(random, version)),
            3 => (version, PacketSender.Client, Subscribe(random, version)),
            4 => (version, PacketSender.Server, SubAck(random, version)),
            5 => (version, PacketSender.Client, Unsubscribe(random, version)),
            6 => (version, PacketSender.Server, UnsubAck(random, version)),
            7 => (version, PacketSender.Client, MqttWriter.PingReq.ToArray()),
            8 => (version, PacketSender.Client, Wire.Written(to => MqttWriter.WriteDisconnect(to, version, Disconnect(random)))),
            9 => (MqttVersion.V5, PacketSender.Client, Wire.Written(to => MqttWriter.WriteAuth(to, Auth(random)))),
            _ => (version, PacketSender.Server, SamplePublish.Of(random, version).Encode()),
        };
    }

    public static ConnectPacket ConnectPacket(Random random)
    {
        var version = Version(random);
        var username = Maybe(random, () => Text(random));
        var packet = new ConnectPacket
        {
            Version = version,
            CleanStart = Coin(random),
            KeepAlive = UInt16(random),
            ClientId = Text(random),
            Username = username,
            Password = username is not null || version == MqttVersion.V5 ? Maybe(random, () => Blob(random)) : null,
            Will = Maybe(random, () => Will(random, version)),
        };
        if (version == MqttVersion.V5)
        {
            packet.SessionExpiryInterval = UInt32(random);
            packet.ReceiveMaximum = PacketId(random);
            packet.MaximumPacketSize = Coin(random) ? UInt32(random) | 1 : null;
            packet.TopicAliasMaximum = UInt16(random);
            packet.RequestProblemInformation = Coin(random);
            packet.RequestResponseInformation = Coin(random);
            packet.UserProperties = UserProperties(random);
            packet.AuthenticationMethod = Maybe(random, () => Text(random));
            packet.AuthenticationData = packet.AuthenticationMethod is null ? null : Blob(random);
        }

        return packet;
    }

    public static ConnAckPacket ConnAck(Random random, MqttVersion version)
    {
        if (version != MqttVersion.V5)
        {
            var code = (ConnectReturnCode)random.Next(6);
            return new ConnAckPacket { ReturnCode = code, SessionPresent = code == 0 && version == MqttVersion.V311 && Coin(random) };
        }

        return new ConnAckPacket
        {
            ReasonCode = Coin(random) ? ReasonCode.Success : ReasonCode.ServerBusy,
            SessionExpiryInterval = UInt32(random),
            ReceiveMaximum = PacketId(random),
            MaximumQos = Coin(random) ? Qos.AtLeastOnce : null,
            RetainAvailable = Coin(random),
            MaximumPacketSize = UInt32(random) | 1,
            AssignedClientIdentifier = Maybe(random, () => Text(random)),
            TopicAliasMaximum = UInt16(random),
            ReasonString = Maybe(random, () => Text(random)),
            UserProperties = UserProperties(random),
            WildcardSubscriptionAvailable = Coin(random),
            SubscriptionIdentifierAvailable = Coin(random),
            SharedSubscriptionAvailable = Coin(random),
            ServerKeepAlive = UInt16(random),
            ResponseInformation = Maybe(random, () => Text(random)),
            ServerReference = Maybe(random, () => Text(random)),
            AuthenticationMethod = Maybe(random, () => Text(random)),
            AuthenticationData = Maybe(random, () => Blob(random)),
        };
    }

    public static DisconnectPacket Disconnect(Random random) => new()
    {
        ReasonCode = Coin(random) ? ReasonCode.NormalDisconnection : ReasonCode.ServerMoved,
        SessionExpiryInterval = Coin(random) ? UInt32(random) : null,
        ReasonString = Maybe(random, () => Text(random)),
        ServerReference = Maybe(random, () => Text(random)),
        UserProperties = UserProperties(random),
    };

    public static AuthPacket Auth(Random random) => new()
    {
        ReasonCode = Coin(random) ? ReasonCode.ContinueAuthentication : ReasonCode.ReAuthenticate,
        AuthenticationMethod = Text(random),
        AuthenticationData = Maybe(random, () => Blob(random)),
        ReasonString = Maybe(random, () => Text(random)),
        UserProperties = UserProperties(random),
    };

    public static bool Coin(Random random) => random.Next(2) == 0;

    public static ushort UInt16(Random random) => (ushort)random.Next(65536);

    public static ushort PacketId(Random random) => (ushort)random.Next(1, 65536);

    public static uint UInt32(Random random) => (uint)random.NextInt64(1L << 32);

    public static byte[] Blob(Random random)
    {
        var blob = new byte[random.Next(20)];
        random.NextBytes(blob);
        return blob;
    }

    public static string Text(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(10)).Select(_ => random.Next(3) switch
        {
            0 => new Rune(random.Next(0x4E00, 0x9FA5)),
            1 => new Rune(random.Next(0x1F300, 0x1F5FF)),
            _ => new Rune(random.Next('a', 'z')),
        }));

    public static string Topic(Random random) => "t/" + Text(random);

    public static List<UserProperty> UserProperties(Random random) =>
        [.. Enumerable.Range(0, random.Next(4)).Select(_ => new UserProperty(Text(random), Text(random)))];

    public static SubscriptionOptions Options(Random random, MqttVersion version) => version == MqttVersion.V5
        ? new((Qos)random.Next(3), Coin(random), Coin(random), (RetainHandling)random.Next(3))
        : new((Qos)random.Next(3));

    public static PublishProperties PublishProperties(Random random) => new()
    {
        PayloadFormatIndicator = (byte)random.Next(2),
        ContentType = Maybe(random, () => Text(random)),
        ResponseTopic = Maybe(random, () => Topic(random)),
        CorrelationData = Maybe(random, () => Blob(random)),
        UserProperties = UserProperties(random),
    };

    private static T? Maybe<T>(Random random, Func<T> make)
        where T : class => Coin(random) ? make() : null;

    private static WillPacket Will(Random random, MqttVersion version) => new()
    {
        Topic = Encoding.UTF8.GetBytes(Topic(random)),
        Payload = Blob(random),
        Qos = (Qos)random.Next(3),
        Retain = Coin(random),
        DelayInterval = version == MqttVersion.V5 ? UInt32(random) : 0,
        MessageExpiryInterval = version == MqttVersion.V5 && Coin(random) ? UInt32(random) : null,
        Properties = version == MqttVersion.V5 ? PublishProperties(random).EncodeForwardable() : [],
    };

    private static (MqttVersion Version, PacketSender Sender, byte[] Packet) Connect(Random random)
    {
        var packet = ConnectPacket(random);
        return (packet.Version, PacketSender.Client, Wire.Written(to => MqttWriter.WriteConnect(to, packet)));
    }

    private static byte[] Ack(Random random, MqttVersion version)
    {
        var packet = new byte[MqttWriter.MaximumAckSize];
        var type = (PacketType)random.Next((int)PacketType.PubAck, (int)PacketType.PubComp + 1);
        return packet[..MqttWriter.WriteAck(packet, type, version, PacketId(random), ReasonCode.Success)];
    }

    private static byte[] Subscribe(Random random, MqttVersion version) => Wire.Written(to => MqttWriter.WriteSubscribe(
        to, version, PacketId(random), [(Topic(random), Options(random, version))], (uint)random.Next(300), UserProperties(random)));

    private static byte[] Unsubscribe(Random random, MqttVersion version) => Wire.Written(to =>
        MqttWriter.WriteUnsubscribe(to, version, PacketId(random), [Topic(random), Topic(random)], UserProperties(random)));

    private static byte[] SubAck(Random random, MqttVersion version) => Wire.Written(to => MqttWriter.WriteSubAck(
        to, version, PacketId(random), [ReasonCode.GrantedQos2, ReasonCode.NotAuthorized], Text(random), UserProperties(random)));

    private static byte[] UnsubAck(Random random, MqttVersion version) => Wire.Written(to => MqttWriter.WriteUnsubAck(
        to, version, PacketId(random), [ReasonCode.Success, ReasonCode.NoSubscriptionExisted], Text(random), UserProperties(random)));
}
