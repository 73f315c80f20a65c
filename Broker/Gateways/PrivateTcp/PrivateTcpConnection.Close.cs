using System.Text;
using Broker.Observability;
using Broker.Primitives;
using Broker.Protocols.PrivateTcp;
using Microsoft.Extensions.Logging;

namespace Broker.Gateways.PrivateTcp;

internal sealed partial class PrivateTcpConnection
{
    // The one place where a device's fault becomes CONNACK 0x22 or a plain close.
    private void OnFault(PrivateTcpProtocolException fault)
    {
        if (fault.Error == PrivateTcpError.UnsupportedVersion)
        {
            SendConnAck(ConnAckCode.UnsupportedVersion, Encoding.UTF8.GetBytes(fault.Message));
        }

        Close(CloseReasonOf(fault.Error), fault.Message);
    }

    /// <inheritdoc />
    protected override void OnClosing(CloseReason reason, string? detail)
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

    /// <inheritdoc />
    protected override void OnClosed(CloseReason reason)
    {
        Broker.Metrics.ConnectionsClosed.Add((int)reason);
        LetGo();
        if (settings.Options.EnableStats && logger.IsEnabled(LogLevel.Debug))
        {
            logger.Statistics(ClientIdForLog, _framesReceived, _bytesReceived, Volatile.Read(ref _framesSent), SentBytes);
        }
    }

    // Once, whoever comes second: the end of the connection or the end of its beginning.
    private void LetGo()
    {
        if (Interlocked.Exchange(ref _attached, 0) == 1)
        {
            Broker.Metrics.ConnectionClosed(Protocol, Peer.Listener);
            _session!.Detach(this, publishWill: false);
        }
    }

    private static CloseReason CloseReasonOf(PrivateTcpError error) => error switch
    {
        PrivateTcpError.FrameTooLarge => CloseReason.PacketTooLarge,
        PrivateTcpError.UnsupportedVersion or PrivateTcpError.UnexpectedFrame => CloseReason.ProtocolError,
        _ => CloseReason.MalformedPacket,
    };
}
