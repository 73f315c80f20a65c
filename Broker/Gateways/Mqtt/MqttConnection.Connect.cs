using System.Buffers;
using System.Text;
using Broker.Configuration;
using Broker.Core.Ports;
using Broker.Core.Routing;
using Broker.Core.Sessions;
using Broker.Core.Wills;
using Broker.Observability;
using Broker.Primitives;
using Broker.Protocols.Mqtt;

namespace Broker.Gateways.Mqtt;

internal sealed partial class MqttConnection
{
    private string? _assignedClientId;
    private uint? _grantedExpiry;
    private ushort? _serverKeepAlive;
    private uint _requestedExpiry;
    private string? _responseInformation;
    private string? _serverReference;
    private int _attached;

    private void OnFirstPacket(in MqttFrame frame, DeliveryBatch batch)
    {
        if (frame.Type != PacketType.Connect)
        {
            MqttProtocolException.ThrowProtocolError($"{frame.Type} before CONNECT."); // [MQTT-3.1.0-1]
        }

        if (ConnectPacket.TryPeekVersion(frame.Body, out var version))
        {
            _version = version;
        }

        var packet = ConnectPacket.Read(frame);
        _connecting = packet;
        _problemInformation = packet.RequestProblemInformation;
        _maximumPacketSize = (int)Math.Min(packet.MaximumPacketSize ?? int.MaxValue, int.MaxValue);
        _requestedExpiry = packet.SessionExpiryInterval;
        _aliasMaximum = Math.Min(packet.TopicAliasMaximum, Broker.Options.Mqtt.OutboundTopicAliasMaximum); // [MQTT-3.1.2-26] [MQTT-3.3.2-11]
        if (CheckConnect(packet))
        {
            Authenticate(packet, batch);
        }
    }

    // What can be refused before anyone is asked. False when the connection is refused.
    private bool CheckConnect(ConnectPacket packet)
    {
        var options = Broker.Options.Mqtt;
        var clientIdBytes = Encoding.UTF8.GetByteCount(packet.ClientId);
        if (clientIdBytes == 0 && !IsV5 && (!packet.CleanStart || _version == MqttVersion.V31))
        {
            return Refuse(ReasonCode.ClientIdentifierNotValid, "a ClientId is needed"); // [MQTT-3.1.1: 3.1.3-7] [MQTT-3.1.1: 3.1.3-8]
        }

        if (clientIdBytes > options.MaximumClientIdBytes) // [MQTT-3.1.3-5]
        {
            return Refuse(ReasonCode.ClientIdentifierNotValid, $"the ClientId is longer than {options.MaximumClientIdBytes} bytes"); // [MQTT-3.1.3-8]
        }

        if (packet.AuthenticationMethod is { } method && !Broker.EnhancedAuthenticators.TryGetValue(method, out _authenticator))
        {
            return Refuse(ReasonCode.BadAuthenticationMethod, $"the authentication method {method} is not known"); // [MQTT-4.12.0-1]
        }

        return packet.Will is not { } will || CheckWill(will, options);
    }

    private bool CheckWill(WillPacket will, MqttOptions options)
    {
        if ((int)will.Qos > options.MaximumQos)
        {
            return Refuse(ReasonCode.QosNotSupported, $"the highest QoS is {options.MaximumQos}"); // [MQTT-3.2.2-12]
        }

        if (will.Retain && !options.RetainAvailable)
        {
            return Refuse(ReasonCode.RetainNotSupported, "retained messages are not available"); // [MQTT-3.2.2-13]
        }

        if (will.Topic.AsSpan().StartsWith(SystemTopics))
        {
            return Refuse(ReasonCode.NotAuthorized, "only the broker publishes below $SYS");
        }

        return !options.CheckPayloadFormat || will.IsPayloadFormatValid || Refuse(ReasonCode.PayloadFormatInvalid, "the Will's payload is not UTF-8");
    }

    private void OnAuthenticated(ConnectPacket packet, AuthenticationResult result, DeliveryBatch batch)
    {
        Broker.Metrics.Authentications.Add((int)result.Outcome);
        if (result.Outcome != AuthenticationOutcome.Accepted)
        {
            _serverReference = result.ServerReference;
            Refuse(ReasonCodeMap.Of(result.Outcome), result.Reason ?? "not authorized"); // [MQTT-4.12.0-4]
            return;
        }

        var clientId = packet.ClientId;
        if (clientId.Length == 0)
        {
            clientId = "auto-" + Guid.NewGuid().ToString("N"); // [MQTT-3.1.3-6]
            _assignedClientId = clientId; // [MQTT-3.1.3-7]
        }

        var identity = new ClientIdentity(clientId, result.Username ?? packet.Username, Protocol, Peer.Listener, Peer.Address)
        {
            Grants = result.Grants,
        };
        _receiveMaximum = Math.Min(packet.ReceiveMaximum, Broker.Options.Mqtt.MaximumInflight); // [MQTT-4.9.0-1]
        LimitKeepAlive(packet.KeepAlive);
        LimitLifetime(result.ExpiresAt);
        _responseInformation = packet.RequestResponseInformation
            ? Broker.Options.Mqtt.ResponseInformation?.Replace("%c", clientId, StringComparison.Ordinal) // [MQTT-3.1.2-28]
            : null;
        if (packet.MaximumPacketSize is not null && ConnAck(sessionPresent: false).WrittenCount > _maximumPacketSize)
        {
            Close(CloseReason.PacketTooLarge, "its Maximum Packet Size is less than CONNACK"); // [MQTT-3.1.2-24]
            return;
        }

        var request = new AttachRequest
        {
            Identity = identity,
            CleanStart = packet.CleanStart,
            ExpirySeconds = ExpiryOf(packet),
            Will = WillOf(packet, clientId),
        };
        if (Broker.Sessions.Attach(request, this, batch) is null)
        {
            Refuse(ReasonCode.NotAuthorized, "the ClientId belongs to another user");
            return;
        }

        Broker.Metrics.ConnectionOpened(Protocol, Peer.Listener);
        logger.Connected(clientId, Peer.Address, Peer.Listener, Protocol, identity.Username);
        Interlocked.Exchange(ref _attached, 1);
        if (IsClosed)
        {
            LetGo(); // it ended while it was attached
        }
    }

    /// <inheritdoc />
    public override void OnAttached(Session session, bool sessionPresent)
    {
        _session = session;
        _connecting = null;
        AppendControl(ConnAck(sessionPresent).WrittenSpan); // [MQTT-3.1.4-5] [MQTT-3.2.0-2]
        Broker.Metrics.ControlPacketsSent.Add(0);
    }

    private ArrayBufferWriter<byte> ConnAck(bool sessionPresent)
    {
        var options = Broker.Options.Mqtt;
        return Encode(new ConnAckPacket
        {
            SessionPresent = sessionPresent, // [MQTT-3.2.2-2] [MQTT-3.2.2-3]
            SessionExpiryInterval = _grantedExpiry,
            ReceiveMaximum = options.ReceiveMaximum == ushort.MaxValue ? null : (ushort)options.ReceiveMaximum,
            MaximumQos = options.MaximumQos < 2 ? (Qos)options.MaximumQos : null, // [MQTT-3.2.2-9]
            RetainAvailable = options.RetainAvailable ? null : false,
            MaximumPacketSize = (uint)options.MaximumPacketSizeBytes,
            AssignedClientIdentifier = _assignedClientId, // [MQTT-3.2.2-16]
            TopicAliasMaximum = options.TopicAliasMaximum == 0 ? null : (ushort)options.TopicAliasMaximum, // [MQTT-3.2.2-18]
            WildcardSubscriptionAvailable = options.WildcardSubscriptionAvailable ? null : false,
            SubscriptionIdentifierAvailable = options.SubscriptionIdentifierAvailable ? null : false,
            SharedSubscriptionAvailable = options.SharedSubscriptionAvailable ? null : false,
            ServerKeepAlive = _serverKeepAlive, // [MQTT-3.1.2-21] [MQTT-3.2.2-21]
            ResponseInformation = _responseInformation,
            AuthenticationMethod = _authenticator?.Method, // [MQTT-4.12.0-5] [MQTT-4.12.0-6]
            AuthenticationData = _authenticationData,
        });
    }

    private void LimitKeepAlive(ushort seconds)
    {
        var longest = Broker.Options.Mqtt.MaximumKeepAliveSeconds;
        if (longest > 0 && IsV5 && (seconds == 0 || seconds > longest))
        {
            seconds = (ushort)longest;
            _serverKeepAlive = seconds;
        }

        LimitIdleTime(seconds * 1500L, CloseReason.KeepAliveTimeout); // [MQTT-3.1.2-22] [MQTT-3.2.2-22]
    }

    private uint ExpiryOf(ConnectPacket packet)
    {
        var longest = Broker.Options.Sessions.MaximumExpiryIntervalSeconds;
        if (!IsV5)
        {
            return packet.CleanStart ? 0 : longest;
        }

        if (packet.SessionExpiryInterval > longest)
        {
            _grantedExpiry = longest;
        }

        return Math.Min(packet.SessionExpiryInterval, longest);
    }

    private static Will? WillOf(ConnectPacket packet, string clientId) => packet.Will is not { } will ? null : new Will(
        new Message
        {
            Topic = will.Topic,
            Payload = will.Payload,
            Properties = will.Properties,
            Qos = will.Qos,
            Retain = will.Retain, // [MQTT-3.1.2-14] [MQTT-3.1.2-15]
            Publisher = clientId,
        },
        will.DelayInterval,
        will.MessageExpiryInterval);

    // Answers a CONNECT with an error and closes: nothing more is read [MQTT-3.1.4-2] [MQTT-3.1.4-6] [MQTT-3.2.2-7]. Always false.
    private bool Refuse(ReasonCode code, string reason)
    {
        logger.Refused(ClientIdForLog, Peer.Address, Peer.Listener, reason);
        if (ReasonCodeMap.TryConnectReturnCode(code, out var returnCode) || IsV5) // [MQTT-3.1.1: 3.2.2-6]
        {
            var packet = new ConnAckPacket
            {
                ReasonCode = code,
                ReturnCode = returnCode,
                ReasonString = _problemInformation ? reason : null,
                ServerReference = _serverReference,
            };
            AppendIfTaken(Encode(packet).WrittenSpan);
        }

        Close(CloseReason.NotAuthorized);
        return false;
    }

    private ArrayBufferWriter<byte> Encode(ConnAckPacket packet)
    {
        var buffer = new ArrayBufferWriter<byte>(64);
        MqttWriter.WriteConnAck(buffer, _version, packet, (uint)_maximumPacketSize);
        return buffer;
    }
}
