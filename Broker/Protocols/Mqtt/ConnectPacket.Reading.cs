namespace Broker.Protocols.Mqtt;

internal sealed partial class ConnectPacket
{
    [ThreadStatic]
    private static ConnectPacket? t_spare;

    /// <summary>Reads and validates a CONNECT of any version. Hand it to <see cref="Reuse"/> when nobody needs it any more.</summary>
    /// <remarks>
    /// <code>
    /// connect = name(string) level(1) flags(1) keep-alive(2) [properties, 5.0]
    ///           client-id [will-properties, 5.0] [will-topic will-payload] [username] [password]
    /// flags   = username(80) password(40) will-retain(20) will-qos(18) will(04) clean-start(02) reserved(01)
    /// </code>
    /// </remarks>
    /// <exception cref="MqttProtocolException">The packet is malformed, breaks a rule, or is of an unknown version (0x84).</exception>
    public static ConnectPacket Read(in MqttFrame frame)
    {
        var reader = new MqttReader(frame.Body);
        var version = ReadVersion(ref reader);
        frame.CheckFlags(version);
        var flags = new ConnectFlags(reader.ReadByte());
        flags.Validate(version);
        var packet = t_spare ?? new ConnectPacket();
        t_spare = null;
        (packet.Version, packet.CleanStart, packet.KeepAlive) = (version, flags.CleanStart, reader.ReadUInt16());
        if (version == MqttVersion.V5)
        {
            packet.ReadProperties(ref reader);
        }

        packet.ReadPayload(ref reader, flags); // [MQTT-3.1.3-1]
        reader.RequireEnd();
        return packet;
    }

    /// <summary>The next CONNECT that this thread reads may use the object: a fleet that comes back makes many.</summary>
    public static void Reuse(ConnectPacket packet)
    {
        packet.ClientId = "";
        packet.Username = packet.AuthenticationMethod = null;
        packet.Password = packet.AuthenticationData = null;
        packet.Will = null;
        packet.SessionExpiryInterval = 0;
        packet.ReceiveMaximum = ushort.MaxValue;
        packet.MaximumPacketSize = null;
        packet.TopicAliasMaximum = 0;
        packet.RequestResponseInformation = false;
        packet.RequestProblemInformation = true;
        packet.UserProperties = [];
        t_spare = packet;
    }

    /// <summary>
    /// The version in which to refuse a CONNECT that <see cref="Read"/> threw on: an unknown level is answered in the nearest version.
    /// False when the body does not begin like a CONNECT of any MQTT; such a connection is closed without an answer.
    /// </summary>
    public static bool TryPeekVersion(ReadOnlySpan<byte> body, out MqttVersion version)
    {
        version = default;
        if (body.Length < 2 || body.Length < 3 + (body[0] << 8 | body[1]))
        {
            return false;
        }

        var length = body[0] << 8 | body[1];
        var name = body.Slice(2, length);

        // Bridges of other brokers set the top bit and, told "unacceptable protocol version" in their version, try again without it.
        version = (body[2 + length] & 0x7F) switch
        {
            >= 5 => MqttVersion.V5,
            4 => MqttVersion.V311,
            _ => MqttVersion.V31,
        };
        return IsKnown(name);
    }

    private static bool IsKnown(ReadOnlySpan<byte> name) => name.SequenceEqual("MQTT"u8) || name.SequenceEqual("MQIsdp"u8);

    private static MqttVersion ReadVersion(ref MqttReader reader)
    {
        var name = reader.ReadBinary();
        if (!IsKnown(name))
        {
            MqttProtocolException.ThrowProtocolError("Not a Protocol Name of MQTT."); // [MQTT-3.1.2-1]
        }

        var version = (MqttVersion)reader.ReadByte();
        var known = version switch
        {
            MqttVersion.V31 => name.SequenceEqual("MQIsdp"u8),
            MqttVersion.V311 or MqttVersion.V5 => name.SequenceEqual("MQTT"u8),
            _ => false,
        };
        if (!known)
        {
            MqttProtocolException.Throw(ReasonCode.UnsupportedProtocolVersion, "Protocol Name and Version."); // [MQTT-3.1.2-2]
        }

        return version;
    }

    private void ReadPayload(ref MqttReader reader, ConnectFlags flags)
    {
        ClientId = reader.ReadString(); // [MQTT-3.1.3-3] [MQTT-3.1.3-4]
        if (flags.Will)
        {
            Will = ReadWill(ref reader, flags);
        }

        // MQTT 3.1: the Remaining Length takes precedence over these two flags; the strings may be missing.
        var mayBeMissing = Version == MqttVersion.V31;
        if (flags.Username && !(mayBeMissing && reader.AtEnd)) // [MQTT-3.1.2-16] [MQTT-3.1.2-17]
        {
            Username = reader.ReadString(); // [MQTT-3.1.3-12]
        }

        if (flags.Password && !(mayBeMissing && reader.AtEnd)) // [MQTT-3.1.2-18] [MQTT-3.1.2-19]
        {
            Password = reader.ReadBinary().ToArray();
        }
    }

    private WillPacket ReadWill(ref MqttReader reader, ConnectFlags flags)
    {
        var section = Version == MqttVersion.V5 ? reader.ReadPropertySection() : default; // [MQTT-3.1.2-9]
        var properties = MessagePropertyScan.Run(section, PropertySets.Will, PacketSender.Client);
        var forwardable = new byte[section.Length];
        var length = MessagePropertyScan.CopyForwardable(section, forwardable);
        return new WillPacket
        {
            Topic = reader.ReadTopicName().ToArray(), // [MQTT-3.1.3-11]
            Payload = reader.ReadBinary().ToArray(),
            Qos = flags.WillQos,
            Retain = flags.WillRetain,
            DelayInterval = properties.WillDelayInterval,
            MessageExpiryInterval = properties.MessageExpiryInterval,
            Properties = forwardable[..length],
        };
    }
}
