using Broker.Connections;
using Broker.Core.Ports;
using Broker.Core.Routing;
using Broker.Observability;
using Broker.Primitives;
using Broker.Protocols.Mqtt;

namespace Broker.Gateways.Mqtt;

internal sealed partial class MqttConnection
{
    private EnhancedAuthentication? _authentication;

    private void Authenticate(ConnectPacket packet, DeliveryBatch batch)
    {
        var request = RequestFor(packet);
        if (packet.AuthenticationMethod is { } method)
        {
            _authentication = new EnhancedAuthentication(Broker.EnhancedAuthenticators[method], request);
            _authentication.Begin();
            ContinueExchange(packet.AuthenticationData, batch);
            return;
        }

        var pending = Broker.Authenticator.AuthenticateAsync(request, CancellationToken.None);
        if (pending.IsCompletedSuccessfully)
        {
            OnAuthenticated(packet, pending.Result, batch);
        }
        else
        {
            Suspension = AwaitAuthenticationAsync(packet, pending);
        }
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
            result = AuthenticationFailed(error);
        }

        using var batch = DeliveryBatch.Begin(Broker);
        if (!IsClosed)
        {
            OnAuthenticated(packet, result, batch);
        }
    }

    // Between CONNECT with an Authentication Method and CONNACK.
    private void OnExchangePacket(in MqttFrame frame, DeliveryBatch batch)
    {
        switch (frame.Type)
        {
            case PacketType.Auth:
                OnAuth(AuthPacket.Read(frame, _version), batch);
                break;
            case PacketType.Disconnect:
                DisconnectPacket.Read(frame, _version);
                Close(CloseReason.ClientDisconnected);
                break;
            default:
                MqttProtocolException.ThrowProtocolError($"{frame.Type} before the authentication has ended."); // [MQTT-3.1.2-30]
                break;
        }
    }

    private void OnAuth(AuthPacket packet, DeliveryBatch batch)
    {
        if (_authentication is not { } authentication || packet.AuthenticationMethod is not { } method)
        {
            MqttProtocolException.ThrowProtocolError("AUTH without an Authentication Method."); // [MQTT-4.12.0-7]
            return;
        }

        if (method != authentication.Method)
        {
            // DISCONNECT does not have this code: after CONNACK it becomes a Protocol Error.
            MqttProtocolException.Throw(ReasonCode.BadAuthenticationMethod, "Another Authentication Method than in CONNECT."); // [MQTT-4.12.0-5] [MQTT-4.12.1-1]
        }

        if (packet.ReasonCode == ReasonCode.ReAuthenticate && _session is not null && authentication.Exchange is null)
        {
            authentication.Begin();
        }
        else if (packet.ReasonCode != ReasonCode.ContinueAuthentication || authentication.Exchange is null)
        {
            MqttProtocolException.ThrowProtocolError($"AUTH with {packet.ReasonCode} at this point."); // [MQTT-4.12.0-3]
        }

        ContinueExchange(packet.AuthenticationData, batch);
    }

    private void ContinueExchange(byte[]? data, DeliveryBatch batch)
    {
        var pending = _authentication!.Exchange!.ContinueAsync(data, CancellationToken.None);
        if (pending.IsCompletedSuccessfully)
        {
            OnStep(pending.Result, batch);
        }
        else
        {
            Suspension = AwaitStepAsync(pending);
        }
    }

    private async Task AwaitStepAsync(ValueTask<AuthenticationStep> pending)
    {
        AuthenticationStep step;
        try
        {
            step = await pending;
        }
        catch (Exception error)
        {
            step = new AuthenticationStep(AuthenticationFailed(error));
        }

        using var batch = DeliveryBatch.Begin(Broker);
        if (!IsClosed)
        {
            OnStep(step, batch);
        }
    }

    private void OnStep(AuthenticationStep step, DeliveryBatch batch)
    {
        if (step.Result is not { } result)
        {
            AppendAuth(ReasonCode.ContinueAuthentication, step.Data, batch); // [MQTT-4.12.0-2]
            return;
        }

        _authentication!.End();
        if (_session is null)
        {
            OnAuthenticated(_connecting!, result, batch, step.Data);
        }
        else
        {
            OnReauthenticated(result, step.Data, batch);
        }
    }

    // The client stays who it is: under another name it has to connect again.
    private void OnReauthenticated(AuthenticationResult result, byte[]? data, DeliveryBatch batch)
    {
        Broker.Metrics.Authentications.Add((int)result.Outcome);
        if (result.Outcome != AuthenticationOutcome.Accepted)
        {
            _authentication!.ServerReference = result.ServerReference;
            Close(ReasonCodeMap.CloseReasonOf(result.Outcome), result.Reason ?? "authenticated no longer"); // [MQTT-4.12.1-2]
        }
        else if ((result.Username ?? _authentication!.Username) != _session!.Identity.Username)
        {
            Close(CloseReason.NotAuthorized, "authenticated again under another name");
        }
        else
        {
            AppendAuth(ReasonCode.Success, data, batch);
        }
    }

    private void AppendAuth(ReasonCode code, byte[]? data, DeliveryBatch batch)
    {
        var buffer = AnswerBuffer.Begin();
        var packet = new AuthPacket { ReasonCode = code, AuthenticationMethod = _authentication!.Method, AuthenticationData = data };
        MqttWriter.WriteAuth(buffer, packet, (uint)_maximumPacketSize);
        Append(buffer.WrittenSpan, batch);
    }

    private AuthenticationResult AuthenticationFailed(Exception error)
    {
        logger.InternalError(ClientIdForLog, Peer.Address, Peer.Listener, error.ToString());
        return new AuthenticationResult(AuthenticationOutcome.Unavailable, "authentication failed");
    }
}
