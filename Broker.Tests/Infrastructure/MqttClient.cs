using System.Buffers;
using System.Text;
using Broker.Primitives;
using Broker.Protocols.Mqtt;

namespace Broker.Tests.Infrastructure;

/// <summary>An MQTT client of a test: writes packets, and says in words what arrives.</summary>
internal sealed class MqttClient(InMemoryConnection connection, MqttVersion version = MqttVersion.V5)
{
    public InMemoryConnection Connection => connection;

    public bool IsClosed => connection.IsClosed;

    /// <summary>Opens a connection and sends CONNECT.</summary>
    public static MqttClient Open(
        TestBroker broker, string clientId, MqttVersion version = MqttVersion.V5, bool clean = true, Action<ConnectPacket>? change = null,
        int outputLimit = 0)
    {
        var client = new MqttClient(broker.OpenMqtt(outputLimit), version);
        var packet = new ConnectPacket { Version = version, ClientId = clientId, CleanStart = clean };
        change?.Invoke(packet);
        client.Write(output => MqttWriter.WriteConnect(output, packet));
        return client;
    }

    /// <summary>Opens a connection, sends CONNECT and takes the CONNACK, which has to be good.</summary>
    public static MqttClient Connect(
        TestBroker broker, string clientId, MqttVersion version = MqttVersion.V5, bool clean = true, Action<ConnectPacket>? change = null,
        int outputLimit = 0)
    {
        MqttClient client = Open(broker, clientId, version, clean, change, outputLimit);
        string[] packets = client.Packets();
        return packets is ["CONNACK 00"] or ["CONNACK 00 present"]
            ? client
            : throw new InvalidOperationException($"CONNACK was {string.Join(", ", packets)}.");
    }

    public void Subscribe(string filter, SubscriptionOptions options = default, uint identifier = 0, ushort packetId = 1) =>
        Write(output => MqttWriter.WriteSubscribe(output, version, packetId, [(filter, options)], identifier));

    /// <summary>Subscribes and takes the SUBACK.</summary>
    public MqttClient Subscribed(string filter, Qos qos = Qos.AtMostOnce)
    {
        Subscribe(filter, new SubscriptionOptions { Qos = qos });
        Packets();
        return this;
    }

    public void Unsubscribe(string filter) => Write(output => MqttWriter.WriteUnsubscribe(output, version, 1, [filter]));

    public void Publish(
        string topic, string payload = "", Qos qos = Qos.AtMostOnce, ushort packetId = 0, bool retain = false, bool dup = false,
        byte[]? properties = null, uint? expiry = null, ushort alias = 0)
    {
        byte[] name = Encoding.UTF8.GetBytes(topic);
        byte[] body = Encoding.UTF8.GetBytes(payload);
        properties ??= [];
        byte[] packet = new byte[MqttWriter.PublishSize(version, name.Length, properties.Length, body.Length, qos, expiry is not null, alias > 0)];
        MqttWriter.WritePublish(packet, version, name, body, properties, qos, retain, dup, packetId, expiry, alias, default, out _);
        connection.Send(packet);
    }

    public void Acknowledge(PacketType type, ushort packetId, ReasonCode code = ReasonCode.Success)
    {
        Span<byte> packet = stackalloc byte[MqttWriter.MaximumAckSize];
        connection.Send(packet[..MqttWriter.WriteAck(packet, type, version, packetId, code)]);
    }

    public void Authenticate(ReasonCode code, string? method, string? data = null) =>
        Write(output => MqttWriter.WriteAuth(
            output, new AuthPacket { ReasonCode = code, AuthenticationMethod = method, AuthenticationData = data is null ? null : Encoding.UTF8.GetBytes(data) }));

    /// <summary>The CONNACK, which has to be the next packet.</summary>
    public ConnAckPacket ConnAck()
    {
        MqttFrame.TryRead(connection.Received(), int.MaxValue, out MqttFrame frame, out _);
        return ConnAckPacket.Read(frame, version);
    }

    public void Ping() => connection.Send(MqttWriter.PingReq);

    public void Disconnect(ReasonCode code = ReasonCode.NormalDisconnection, uint? expiry = null) =>
        Write(output => MqttWriter.WriteDisconnect(output, version, new DisconnectPacket { ReasonCode = code, SessionExpiryInterval = expiry }));

    /// <summary>The packets that have arrived, in words.</summary>
    public string[] Packets() => Split(connection.Received());

    /// <summary>Waits for so many bytes: their packets, in words.</summary>
    public async Task<string[]> PacketsAsync(int bytes) => Split(await connection.ReceiveAsync(bytes));

    private string[] Split(byte[] bytes)
    {
        var packets = new List<string>();
        for (int at = 0; at < bytes.Length;)
        {
            FrameStatus status = MqttFrame.TryRead(bytes.AsSpan(at), int.MaxValue, out MqttFrame frame, out _);
            packets.Add(status == FrameStatus.Done ? Describe(frame) : status.ToString());
            at += status == FrameStatus.Done ? frame.Length : bytes.Length;
        }

        return [.. packets];
    }

    private string Describe(in MqttFrame frame)
    {
        switch (frame.Type)
        {
            case PacketType.ConnAck:
                ConnAckPacket connAck = ConnAckPacket.Read(frame, version);
                int code = version == MqttVersion.V5 ? (int)connAck.ReasonCode : (int)connAck.ReturnCode;
                return $"CONNACK {code:x2}{(connAck.SessionPresent ? " present" : "")}";
            case PacketType.Publish:
                return Describe(PublishPacket.Read(frame, version, PacketSender.Server));
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp:
                AckPacket ack = AckPacket.Read(frame, version);
                return $"{frame.Type.ToString().ToUpperInvariant()} #{ack.PacketId} {(int)ack.ReasonCode:x2}";
            case PacketType.SubAck or PacketType.UnsubAck:
                SubAckPacket subAck = SubAckPacket.Read(frame, version);
                return $"{frame.Type.ToString().ToUpperInvariant()} {string.Join(' ', subAck.ReasonCodes.Select(each => $"{(int)each:x2}"))}";
            case PacketType.Disconnect:
                return $"DISCONNECT {(int)DisconnectPacket.Read(frame, version, PacketSender.Server).ReasonCode:x2}";
            case PacketType.Auth:
                AuthPacket auth = AuthPacket.Read(frame, version);
                return $"AUTH {(int)auth.ReasonCode:x2} {auth.AuthenticationMethod} {Encoding.UTF8.GetString(auth.AuthenticationData ?? [])}".TrimEnd();
            default:
                return frame.Type.ToString().ToUpperInvariant();
        }
    }

    private static string Describe(in PublishPacket packet)
    {
        var text = new StringBuilder($"PUBLISH {Encoding.UTF8.GetString(packet.Topic)} {Encoding.UTF8.GetString(packet.Payload)}");
        text.Append(packet.Qos == Qos.AtMostOnce ? "" : $" q{(int)packet.Qos} #{packet.PacketId}");
        text.Append(packet.Retain ? " retain" : "").Append(packet.Dup ? " dup" : "");
        text.Append(packet.TopicAlias > 0 ? $" alias={packet.TopicAlias}" : "");
        text.Append(packet.MessageExpiryInterval is { } expiry ? $" expiry={expiry}" : "");
        PublishProperties properties = PublishProperties.Read(packet.Properties);
        foreach (uint identifier in properties.SubscriptionIdentifiers)
        {
            text.Append($" sub={identifier}");
        }

        foreach (UserProperty property in properties.UserProperties)
        {
            text.Append($" {property.Name}={property.Value}");
        }

        return text.ToString();
    }

    private void Write(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        connection.Send(output.WrittenSpan);
    }
}
