using System.Buffers;
using System.Text;
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
        if (!CheckConnect(packet))
        {
            return;
        }

        var pending = Broker.Authenticator.AuthenticateAsync(RequestFor(packet), CancellationToken.None);
        if (pending.IsCompletedSuccessfully)
        {
            OnAuthenticated(packet, pending.Result, batch);
        }
        else
        {
            Suspension = AwaitAuthenticationAsync(packet, pending);
        }
    }

    // What can be refused before anyone is asked. False when the connection is refused.
    private bool CheckConnect(ConnectPacket packet)
    {
        var options = Broker.Options.Mqtt;
        var clientIdBytes = Encoding.UTF8.GetByteCount(packet.ClientId);
        if (clientIdBytes == 0 && !IsV5 && (!packet.CleanStart || _version == MqttVersion.V31))
        {
            return Refuse(ReasonCode.ClientIdentifierNotValid, "a ClientId is needed"); // [MQTT-3.1.3-8]
        }

        if (clientIdBytes > options.MaximumClientIdBytes)
        {
            return Refuse(ReasonCode.ClientIdentifierNotValid, $"the ClientId is longer than {options.MaximumClientIdBytes} bytes");
        }

        if (packet.AuthenticationMethod is { } method)
        {
            return Refuse(ReasonCode.BadAuthenticationMethod, $"the authentication method {method} is not known");
        }

        if (packet.Will is { } will)
        {
            if ((int)will.Qos > options.MaximumQos)
            {
                return Refuse(ReasonCode.QosNotSupported, $"the highest QoS is {options.MaximumQos}"); // [MQTT-3.2.2-12]
            }

            if (will.Retain && !options.RetainAvailable)
            {
                return Refuse(ReasonCode.RetainNotSupported, "retained messages are not available"); // [MQTT-3.2.2-13]
            }
        }

        return true;
    }

    private AuthenticationRequest RequestFor(ConnectPacket packet) => new()
    {
        Protocol = Protocol,
        ClientId = packet.ClientId,
        Username = packet.Username,
        Password = packet.Password,
        Listener = Peer.Listener,
        Peer = Peer.Address,
        ClientCertificate = Peer.Certificate,
    };

    private async Task AwaitAuthenticationAsync(ConnectPacket packet, ValueTask<AuthenticationResult> pending)
    {
        AuthenticationResult result;
        try
        {
            result = await pending;
        }
        catch (Exception error)
        {
            logger.InternalError(packet.ClientId, Peer.Address, Peer.Listener, error.ToString());
            result = new AuthenticationResult(AuthenticationOutcome.Unavailable, "authentication failed");
        }

        using var batch = DeliveryBatch.Begin(Broker);
        if (!IsClosed)
        {
            OnAuthenticated(packet, result, batch);
        }
    }

    private void OnAuthenticated(ConnectPacket packet, AuthenticationResult result, DeliveryBatch batch)
    {
        Broker.Metrics.Authentications.Add((int)result.Outcome);
        if (result.Outcome != AuthenticationOutcome.Accepted)
        {
            Refuse(ReasonCodeMap.Of(result.Outcome), result.Reason ?? "not authorized");
            return;
        }

        var clientId = packet.ClientId;
        if (clientId.Length == 0)
        {
            clientId = "auto-" + Guid.NewGuid().ToString("N"); // [MQTT-3.1.3-6]
            _assignedClientId = clientId;
        }

        var identity = new ClientIdentity(clientId, result.Username ?? packet.Username, Protocol, Peer.Listener, Peer.Address);
        _receiveMaximum = Math.Min(packet.ReceiveMaximum, Broker.Options.Mqtt.MaximumInflight);
        LimitKeepAlive(packet.KeepAlive);
        var request = new AttachRequest
        {
            Identity = identity,
            CleanStart = packet.CleanStart,
            ExpirySeconds = ExpiryOf(packet),
            Will = WillOf(packet, clientId),
        };
        Broker.Sessions.Attach(request, this, batch);
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
        var options = Broker.Options.Mqtt;
        _session = session;
        _connecting = null;
        SendConnAck(new ConnAckPacket
        {
            SessionPresent = sessionPresent, // [MQTT-3.2.2-2] [MQTT-3.2.2-3]
            SessionExpiryInterval = _grantedExpiry,
            ReceiveMaximum = options.ReceiveMaximum == ushort.MaxValue ? null : (ushort)options.ReceiveMaximum,
            MaximumQos = options.MaximumQos < 2 ? (Qos)options.MaximumQos : null, // [MQTT-3.2.2-9]
            RetainAvailable = options.RetainAvailable ? null : false,
            MaximumPacketSize = (uint)options.MaximumPacketSizeBytes,
            AssignedClientIdentifier = _assignedClientId, // [MQTT-3.2.2-16]
            TopicAliasMaximum = options.TopicAliasMaximum == 0 ? null : (ushort)options.TopicAliasMaximum,
            WildcardSubscriptionAvailable = options.WildcardSubscriptionAvailable ? null : false,
            SubscriptionIdentifierAvailable = options.SubscriptionIdentifierAvailable ? null : false,
            SharedSubscriptionAvailable = options.SharedSubscriptionAvailable ? null : false,
            ServerKeepAlive = _serverKeepAlive, // [MQTT-3.1.2-21]
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

        LimitIdleTime(seconds * 1500L, CloseReason.KeepAliveTimeout); // [MQTT-3.1.2-22]
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

    // Answers a CONNECT with an error and closes [MQTT-3.1.4-5]. Always false.
    private bool Refuse(ReasonCode code, string reason)
    {
        logger.Refused(ClientIdForLog, Peer.Address, Peer.Listener, reason);
        if (ReasonCodeMap.TryConnectReturnCode(code, out var returnCode) || IsV5)
        {
            SendConnAck(new ConnAckPacket
            {
                ReasonCode = code,
                ReturnCode = returnCode,
                ReasonString = _problemInformation ? reason : null,
            });
        }

        Close(CloseReason.NotAuthorized);
        return false;
    }

    private void SendConnAck(ConnAckPacket packet)
    {
        var buffer = new ArrayBufferWriter<byte>(64);
        MqttWriter.WriteConnAck(buffer, _version, packet, (uint)_maximumPacketSize);
        AppendControl(buffer.WrittenSpan);
    }
}
