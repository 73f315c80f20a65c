using System.Text;
using Broker.Connections;
using Broker.Observability;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Microsoft.Extensions.Logging;

namespace Broker.Gateways.Mqtt;

internal sealed partial class MqttConnection
{
    private void OnDisconnect(DisconnectPacket packet)
    {
        var session = _session!;
        if (packet.SessionExpiryInterval is { } seconds)
        {
            if (_requestedExpiry == 0 && seconds != 0)
            {
                MqttProtocolException.ThrowProtocolError("DISCONNECT extends a Session Expiry Interval of 0."); // section 3.14.2.2.2
            }

            session.ExpirySeconds = Math.Min(seconds, Broker.Options.Sessions.MaximumExpiryIntervalSeconds);
        }

        _keepWill = packet.ReasonCode != ReasonCode.NormalDisconnection; // [MQTT-3.14.4-3]
        Close(CloseReason.ClientDisconnected); // [MQTT-3.14.4-1] [MQTT-3.14.4-2]
    }

    // The one place where a client's fault becomes CONNACK, DISCONNECT or a plain close [MQTT-4.13.1-1] [MQTT-4.13.2-1].
    private void OnFault(MqttProtocolException fault, ReadOnlySpan<byte> bytes)
    {
        if (_session is null && fault.ReasonCode == ReasonCode.PacketTooLarge)
        {
            PeekVersion(bytes);
        }

        if (_session is null && (_connecting is not null || (bytes.Length > 0 && (PacketType)(bytes[0] >> 4) == PacketType.Connect)))
        {
            RefuseFaultyConnect(fault);
            return;
        }

        ReportLimit(fault.ReasonCode);
        Close(ReasonCodeMap.CloseReasonOf(fault.ReasonCode), fault.Message);
    }

    // A CONNECT that is refused from its header is not parsed, but what has arrived of it may say in which version to answer.
    private void PeekVersion(ReadOnlySpan<byte> bytes)
    {
        var body = VariableByteInteger.TryRead(bytes[1..], out _, out var size) == FrameStatus.Done ? bytes[(1 + size)..] : default;
        _version = ConnectPacket.TryPeekVersion(body, out var version) ? version : _version;
    }

    private void RefuseFaultyConnect(MqttProtocolException fault)
    {
        // Before 5.0 only an unknown protocol level has an answer; a malformed CONNECT is closed [MQTT-3.1.4-1] [MQTT-3.1.1: 3.1.4-1].
        if (IsV5 || fault.ReasonCode == ReasonCode.UnsupportedProtocolVersion)
        {
            Refuse(fault.ReasonCode, fault.Message);
        }
        else
        {
            Close(ReasonCodeMap.CloseReasonOf(fault.ReasonCode), fault.Message);
        }
    }

    /// <inheritdoc />
    protected override void OnClosing(CloseReason reason, string? detail)
    {
        Log(reason, detail);
        if (IsV5 && _session is not null && ReasonCodeMap.TryDisconnectCode(reason, out var code)) // [MQTT-3.14.0-1]
        {
            var buffer = AnswerBuffer.Begin();
            var packet = new DisconnectPacket
            {
                ReasonCode = code,
                ReasonString = _problemInformation && reason != CloseReason.ConnectionError ? detail : null, // a defect is not the client's business
                ServerReference = _authentication?.ServerReference,
            };
            MqttWriter.WriteDisconnect(buffer, _version, packet, (uint)_maximumPacketSize);
            AppendIfTaken(buffer.WrittenSpan);
        }
    }

    // What ends the conversation anyway is left out when it is larger than the client takes [MQTT-3.1.2-24].
    private bool AppendIfTaken(ReadOnlySpan<byte> packet)
    {
        var taken = packet.Length <= _maximumPacketSize;
        if (taken)
        {
            AppendControl(packet);
            Broker.Metrics.ControlPacketsSent.Add(0);
        }

        return taken;
    }

    /// <inheritdoc />
    protected override void OnClosed(CloseReason reason)
    {
        Broker.Metrics.ConnectionsClosed.Add((int)reason);
        LetGo();
    }

    // Once, whoever comes second: the end of the connection or the end of its beginning.
    private void LetGo()
    {
        if (Interlocked.Exchange(ref _attached, 0) == 1)
        {
            Broker.Metrics.ConnectionClosed(Protocol, Peer.Listener);
            _session!.Detach(this, publishWill: _keepWill);
        }
    }

    private void OnDenied(string action, ReadOnlySpan<byte> topic)
    {
        if (logger.IsEnabled(LogLevel.Debug))
        {
            logger.Denied(_session!.ClientId, _session.Identity.Username, action, Encoding.UTF8.GetString(topic));
        }

        if (Broker.Options.Authorization.DisconnectOnDenial)
        {
            MqttProtocolException.Throw(ReasonCode.NotAuthorized, $"The access rules do not allow to {action} it.");
        }
    }

    private void Log(CloseReason reason, string? detail)
    {
        switch (reason)
        {
            case CloseReason.PeerClosed or CloseReason.ClientDisconnected or CloseReason.ServerShuttingDown or CloseReason.SessionTakenOver:
                logger.Disconnected(ClientIdForLog, reason, detail);
                break;
            case CloseReason.ConnectionError:
                logger.InternalError(ClientIdForLog, Peer.Address, Peer.Listener, detail);
                break;
            case var _ when _limitReported:
            case CloseReason.NotAuthorized when detail is null:
                break; // said when it was refused
            default:
                logger.Faulted(ClientIdForLog, Peer.Address, Peer.Listener, reason, detail);
                break;
        }
    }
}
