using System.Buffers;
using System.Text;
using Broker.Configuration;
using Broker.Connections;
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
    private const int LongestClientIdOf31 = 23;

    private static readonly ConnAckPacket Accepted = new();
    private static readonly ConnAckPacket Resumed = new() { SessionPresent = true };

    private uint _requestedExpiry;
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
            TakeTurn(packet.ClientId, batch);
        }

        if (_connecting is null)
        {
            ConnectPacket.Reuse(packet); // attached: nothing of it is looked at any more
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

        if (_version == MqttVersion.V31 && packet.ClientId.Length > LongestClientIdOf31)
        {
            return Refuse(ReasonCode.ClientIdentifierNotValid, $"a ClientId of MQTT 3.1 has at most {LongestClientIdOf31} characters");
        }

        if (clientIdBytes > options.MaximumClientIdBytes) // [MQTT-3.1.3-5]
        {
            return Refuse(ReasonCode.ClientIdentifierNotValid, $"the ClientId is longer than {options.MaximumClientIdBytes} bytes"); // [MQTT-3.1.3-8]
        }

        if (packet.AuthenticationMethod is { } method && !Broker.EnhancedAuthenticators.ContainsKey(method))
        {
            return Refuse(ReasonCode.BadAuthenticationMethod, $"the authentication method {method} is not known"); // [MQTT-4.12.0-1]
        }

        return packet.Will is not { } will || CheckWill(will, options);
    }

    private bool CheckWill(WillPacket will, MqttOptions options)
    {
        if (will.Topic.AsSpan().StartsWith(SystemTopics))
        {
            return Refuse(ReasonCode.NotAuthorized, "only the broker publishes below $SYS");
        }

        return !options.CheckPayloadFormat || will.IsPayloadFormatValid || Refuse(ReasonCode.PayloadFormatInvalid, "the Will's payload is not UTF-8");
    }

    private void OnAuthenticated(ConnectPacket packet, AuthenticationResult result, DeliveryBatch batch, byte[]? lastData = null)
    {
        Broker.Metrics.Authentications.Add((int)result.Outcome);
        if (result.Outcome != AuthenticationOutcome.Accepted)
        {
            Refuse(ReasonCodeMap.Of(result.Outcome), result.Reason ?? "not authorized", result.ServerReference); // [MQTT-4.12.0-4]
            return;
        }

        var clientId = packet.ClientId.Length > 0 ? packet.ClientId : "auto-" + Guid.NewGuid().ToString("N"); // [MQTT-3.1.3-6]
        var identity = new ClientIdentity(clientId, result.Username ?? packet.Username, Protocol, Peer.Listener, Peer.Address)
        {
            Grants = result.Grants,
        };
        _limits = Broker.Limits.Of(Peer.Options, identity.Username, result.Limits);
        if (!CheckLimits(packet.Will, identity))
        {
            return;
        }

        LimitTraffic(Broker.Limits.MeterFor(identity, _limits));
        _answer = IsV5 ? AnswerTo(packet, clientId, lastData) : null;
        _receiveMaximum = Math.Min(packet.ReceiveMaximum, _limits.MaximumInflight); // [MQTT-4.9.0-1]
        LimitKeepAlive(packet.KeepAlive);
        LimitLifetime(result.ExpiresAt);
        var expiry = ExpiryOf(packet);
        if (packet.MaximumPacketSize is not null && Encode(_answer!).WrittenCount > _maximumPacketSize)
        {
            Close(CloseReason.PacketTooLarge, "its Maximum Packet Size is less than CONNACK"); // [MQTT-3.1.2-24]
            return;
        }

        var request = new AttachRequest
        {
            Identity = identity,
            CleanStart = packet.CleanStart,
            ExpirySeconds = expiry,
            Will = WillOf(packet, clientId),
            MaximumQueuedMessages = _limits.Given.MaximumQueuedMessages,
            MaximumQueuedBytes = _limits.Given.MaximumQueuedBytes,
            CountedUser = _limits.LimitsSessions ? identity.Username : null,
        };
        if (Broker.Sessions.Attach(request, this, batch) is null)
        {
            Refuse(ReasonCode.NotAuthorized, "the ClientId belongs to another user");
            return;
        }

        EndTurn();
        Peer.Ticket?.OnEstablished();
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
        var answer = _answer ?? (sessionPresent ? Resumed : Accepted);
        _answer = null;
        if (IsV5)
        {
            answer.SessionPresent = sessionPresent; // [MQTT-3.2.2-2] [MQTT-3.2.2-3]
        }

        AppendControl(Encode(answer).WrittenSpan); // [MQTT-3.1.4-5] [MQTT-3.2.0-2]
        Broker.Metrics.ControlPacketsSent.Add(0);
    }

    // What CONNACK tells a client of 5.0; earlier versions have nothing to tell.
    private ConnAckPacket AnswerTo(ConnectPacket packet, string clientId, byte[]? lastData)
    {
        var options = Broker.Options.Mqtt;
        return new ConnAckPacket
        {
            ReceiveMaximum = _limits.ReceiveMaximum == ushort.MaxValue ? null : (ushort)_limits.ReceiveMaximum,
            MaximumQos = _limits.MaximumQos < 2 ? (Qos)_limits.MaximumQos : null, // [MQTT-3.2.2-9]
            RetainAvailable = _limits.RetainAvailable ? null : false,
            MaximumPacketSize = (uint)_limits.MaximumPacketSizeBytes,
            AssignedClientIdentifier = packet.ClientId.Length == 0 ? clientId : null, // [MQTT-3.1.3-7] [MQTT-3.2.2-16]
            TopicAliasMaximum = options.TopicAliasMaximum == 0 ? null : (ushort)options.TopicAliasMaximum, // [MQTT-3.2.2-18]
            WildcardSubscriptionAvailable = _limits.WildcardSubscriptionAvailable ? null : false,
            SubscriptionIdentifierAvailable = options.SubscriptionIdentifierAvailable ? null : false,
            SharedSubscriptionAvailable = _limits.SharedSubscriptionAvailable ? null : false,
            ResponseInformation = packet.RequestResponseInformation
                ? options.ResponseInformation?.Replace("%c", clientId, StringComparison.Ordinal) // [MQTT-3.1.2-28]
                : null,
            AuthenticationMethod = _authentication?.Method, // [MQTT-4.12.0-5] [MQTT-4.12.0-6]
            AuthenticationData = lastData,
        };
    }

    private void LimitKeepAlive(ushort seconds)
    {
        var granted = IsV5 ? _limits.KeepAliveFor(seconds) : _limits.KeepAliveWithoutTelling(seconds);
        if (IsV5 && granted != seconds)
        {
            _answer!.ServerKeepAlive = granted; // [MQTT-3.1.2-21] [MQTT-3.2.2-21]
        }

        LimitIdleTime(granted * 1500L, CloseReason.KeepAliveTimeout); // [MQTT-3.1.2-22] [MQTT-3.2.2-22]
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
            _answer!.SessionExpiryInterval = longest;
        }

        return Math.Min(packet.SessionExpiryInterval, longest);
    }

    private Will? WillOf(ConnectPacket packet, string clientId) => packet.Will is not { } will ? null : new Will(
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
        will.MessageExpiryInterval,
        _limits);

    // Answers a CONNECT with an error and closes: nothing more is read [MQTT-3.1.4-2] [MQTT-3.1.4-6] [MQTT-3.2.2-7]. Always false.
    private bool Refuse(ReasonCode code, string reason, string? serverReference = null)
    {
        logger.Refused(ClientIdForLog, Peer.Address, Peer.Listener, reason);
        return AnswerRefusal(code, reason, serverReference);
    }

    private bool AnswerRefusal(ReasonCode code, string reason, string? serverReference = null)
    {
        if (code.TryGetReturnCode(out var returnCode) || IsV5) // [MQTT-3.1.1: 3.2.2-6]
        {
            var packet = new ConnAckPacket // without Session Present [MQTT-3.2.2-6]
            {
                ReasonCode = code,
                ReturnCode = returnCode,
                ReasonString = _problemInformation ? reason : null,
                ServerReference = serverReference,
            };
            AppendIfTaken(Encode(packet).WrittenSpan);
        }

        Close(CloseReason.NotAuthorized);
        return false;
    }

    private ArrayBufferWriter<byte> Encode(ConnAckPacket packet)
    {
        var buffer = AnswerBuffer.Begin();
        MqttWriter.WriteConnAck(buffer, _version, packet, (uint)_maximumPacketSize);
        return buffer;
    }
}
