using System.Buffers;
using System.Text;
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
            if (session.ExpirySeconds == 0 && seconds != 0)
            {
                MqttProtocolException.ThrowProtocolError("DISCONNECT extends a Session Expiry Interval of 0."); // section 3.14.2.2.2
            }

            session.ExpirySeconds = Math.Min(seconds, Broker.Options.Sessions.MaximumExpiryIntervalSeconds);
        }

        _keepWill = packet.ReasonCode != ReasonCode.NormalDisconnection; // [MQTT-3.14.4-3]
        Close(CloseReason.ClientDisconnected);
    }

    // The one place where a client's fault becomes CONNACK, DISCONNECT or a plain close [MQTT-4.13.1-1].
    private void OnFault(MqttProtocolException fault, ReadOnlySpan<byte> bytes)
    {
        if (_session is null && bytes.Length > 0 && (PacketType)(bytes[0] >> 4) == PacketType.Connect && _version != 0)
        {
            RefuseFaultyConnect(fault);
            return;
        }

        Close(ReasonCodeMap.CloseReasonOf(fault.ReasonCode), fault.Message);
    }

    private void RefuseFaultyConnect(MqttProtocolException fault)
    {
        // Before 5.0 only an unknown protocol level has an answer; a malformed CONNECT is closed [MQTT-3.1.4-1].
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
        if (IsV5 && _session is not null && ReasonCodeMap.TryDisconnectCode(reason, out var code))
        {
            var buffer = new ArrayBufferWriter<byte>(64);
            var packet = new DisconnectPacket { ReasonCode = code, ReasonString = _problemInformation ? detail : null };
            MqttWriter.WriteDisconnect(buffer, _version, packet, (uint)_maximumPacketSize);
            AppendControl(buffer.WrittenSpan);
        }
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

    private void LogDenied(string action, ReadOnlySpan<byte> topic)
    {
        if (logger.IsEnabled(LogLevel.Information))
        {
            logger.Denied(_session!.ClientId, _session.Identity.Username, action, Encoding.UTF8.GetString(topic));
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
            case CloseReason.NotAuthorized when detail is null:
                break; // said when it was refused
            default:
                logger.Faulted(ClientIdForLog, Peer.Address, Peer.Listener, reason, detail);
                break;
        }
    }
}
