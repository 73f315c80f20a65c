using System.Text;
using Broker.Connections;
using Broker.Core.Ports;
using Broker.Core.Routing;
using Broker.Core.Sessions;
using Broker.Observability;
using Broker.Primitives;
using Broker.Protocols.PrivateTcp;

namespace Broker.Gateways.PrivateTcp;

internal sealed partial class PrivateTcpConnection
{
    private ConnectFrame? _connecting;
    private int _attached;

    private static ReadOnlySpan<byte> ConnectSuccessfully => "Connect Successfully"u8;

    private void OnConnect(ConnectFrame connect, DeliveryBatch batch)
    {
        _connecting = connect;
        var longest = Broker.Options.Mqtt.MaximumClientIdBytes;
        if (Encoding.UTF8.GetByteCount(connect.ClientId) > longest)
        {
            Refuse($"the ClientId is longer than {longest} bytes");
            return;
        }

        TakeTurn(connect.ClientId, batch);
    }

    private void Authenticate(ConnectFrame connect, DeliveryBatch batch)
    {
        var pending = Broker.Authenticator.AuthenticateAsync(RequestFor(connect), CancellationToken.None);
        if (pending.IsCompletedSuccessfully)
        {
            OnAuthenticated(connect, pending.Result, batch);
        }
        else
        {
            Suspension = AwaitAuthenticationAsync(connect, pending);
        }
    }

    private AuthenticationRequest RequestFor(ConnectFrame connect) => new()
    {
        Protocol = Protocol,
        ClientId = connect.ClientId,
        Username = connect.Username,
        Password = connect.Password,
        Listener = Peer.Listener,
        Peer = Peer.Address,
        ClientCertificate = Peer.Certificate,
    };

    private async Task AwaitAuthenticationAsync(ConnectFrame connect, ValueTask<AuthenticationResult> pending)
    {
        AuthenticationResult result;
        try
        {
            result = await pending;
        }
        catch (Exception error)
        {
            logger.InternalError(connect.ClientId, Peer.Address, Peer.Listener, error.ToString());
            result = new AuthenticationResult(AuthenticationOutcome.Unavailable, "authentication failed");
        }

        using var batch = DeliveryBatch.Begin(Broker);
        if (!IsClosed)
        {
            OnAuthenticated(connect, result, batch);
        }
    }

    private void OnAuthenticated(ConnectFrame connect, AuthenticationResult result, DeliveryBatch batch)
    {
        Broker.Metrics.Authentications.Add((int)result.Outcome);
        if (result.Outcome != AuthenticationOutcome.Accepted)
        {
            Refuse(result.Reason ?? "not authorized");
            return;
        }

        var identity = new ClientIdentity(connect.ClientId, result.Username ?? connect.Username, Protocol, Peer.Listener, Peer.Address)
        {
            Grants = result.Grants,
        };
        _limits = Broker.Limits.Of(Peer.Options, identity.Username, result.Limits);
        if (!TryExpandTopics(identity, out var downlink) || !MayUseTopics(identity, downlink) || !CheckLimits(identity))
        {
            return;
        }

        LimitTraffic(Broker.Limits.MeterFor(identity, _limits));

        LimitIdleTime(connect.KeepAliveSeconds * 1500L, CloseReason.KeepAliveTimeout);
        LimitLifetime(result.ExpiresAt);
        _uplinkProperties = UserPropertiesOf(identity);
        if (Broker.Sessions.Attach(AttachRequestFor(identity), this, batch) is not { } session)
        {
            Refuse("the ClientId belongs to another user");
            return;
        }

        EndTurn();
        Peer.Ticket?.OnEstablished();
        Broker.Metrics.ConnectionOpened(Protocol, Peer.Listener);
        logger.Connected(identity.ClientId, Peer.Address, Peer.Listener, Protocol, identity.Username);
        SubscribeToDownlinks(session, downlink, batch);
        Interlocked.Exchange(ref _attached, 1);
        if (IsClosed)
        {
            LetGo(); // it ended while it was attached
        }
    }

    private AttachRequest AttachRequestFor(ClientIdentity identity)
    {
        var keep = settings.Options.KeepOfflineDownlinks;

        // An MQTT client's session under the same ClientId has subscriptions that a device cannot have.
        var foreign = keep && Broker.Sessions.Find(identity.ClientId) is { Identity.Protocol: not ClientProtocol.PrivateTcp };
        return new AttachRequest
        {
            Identity = identity,
            CleanStart = !keep || foreign,
            ExpirySeconds = keep ? Math.Min(settings.Options.OfflineExpirySeconds, Broker.Options.Sessions.MaximumExpiryIntervalSeconds) : 0,
            MaximumQueuedMessages = keep ? settings.Options.OfflineMaximumMessages : null,
            MaximumQueuedBytes = _limits.Given.MaximumQueuedBytes,
            CountedUser = _limits.LimitsSessions ? identity.Username : null,
        };
    }

    /// <inheritdoc />
    public override void OnAttached(Session session, bool sessionPresent)
    {
        _session = session;
        _connecting = null;
        SendConnAck(ConnAckCode.Success, ConnectSuccessfully);
    }

    // Answers CONNECT with 0x21 and closes.
    private void Refuse(string reason)
    {
        logger.Refused(ClientIdForLog, Peer.Address, Peer.Listener, reason);
        AnswerRefusal(reason);
    }

    private void AnswerRefusal(string reason)
    {
        SendConnAck(ConnAckCode.AuthenticationFailed, Encoding.UTF8.GetBytes(reason));
        Close(CloseReason.NotAuthorized);
    }

    private void SendConnAck(ConnAckCode code, ReadOnlySpan<byte> message)
    {
        var buffer = AnswerBuffer.Begin();
        PrivateFrameWriter.WriteConnAck(code, message, buffer);
        AppendControl(buffer.WrittenSpan);
        Interlocked.Increment(ref _framesSent);
    }
}
