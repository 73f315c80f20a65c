using Broker.Connections;
using Broker.Core;
using Broker.Core.Routing;
using Broker.Core.Sessions;
using Broker.Observability;
using Broker.Primitives;
using Broker.Protocols.PrivateTcp;
using Microsoft.Extensions.Logging;

namespace Broker.Gateways.PrivateTcp;

/// <summary>One device's life: CONNECT, uplinks, downlinks, goodbye. A file per concern.</summary>
internal sealed partial class PrivateTcpConnection(MessageBroker broker, ConnectionPeer peer, PrivateTcpSettings settings, ILogger logger)
    : ClientConnection(broker, peer)
{
    private Session? _session;

    /// <inheritdoc />
    public override ClientProtocol Protocol => ClientProtocol.PrivateTcp;

    /// <summary>Deliveries end when the socket takes them, so only the identifiers limit their number; the limit is force_shutdown's.</summary>
    public override int ReceiveMaximum => ushort.MaxValue;

    private string ClientIdForLog => _session?.ClientId ?? _connecting?.ClientId ?? "a device without CONNECT";

    /// <inheritdoc />
    public override int Receive(ReadOnlySpan<byte> data, DeliveryBatch batch)
    {
        var consumed = 0;
        try
        {
            while (!IsClosed && Suspension is null && TryTakeFrame(data[consumed..], out var frame))
            {
                consumed += frame.Length;
                _framesReceived++;
                OnFrameReceived(batch.Now);
                Process(frame, batch);
                CountReceived(frame.Length, frame.Type == FrameType.DataTrans, batch.Now);
            }
        }
        catch (PrivateTcpProtocolException fault)
        {
            OnFault(fault);
        }

        _bytesReceived += consumed;
        batch.Traffic.BytesReceived(BrokerMetrics.ProtocolIndex(Protocol), consumed);
        GiveBackMemory();
        return consumed;
    }

    /// <inheritdoc />
    protected override void OnStarted() => LimitIdleTime(settings.Options.IdleTimeoutSeconds * 1000L, CloseReason.IdleTimeout);

    private bool TryTakeFrame(ReadOnlySpan<byte> data, out PrivateFrame frame)
    {
        var limit = MaximumFrame;
        if (_session is null)
        {
            // What a device that has not said who it is may make the broker hold is the same for every protocol.
            limit = Math.Min(limit, Broker.Options.Mqtt.MaximumConnectPacketSizeBytes);
        }

        var status = PrivateFrame.TryRead(data, limit, out frame, out var needed);
        Wanted = status == FrameStatus.NeedMore ? needed : 0;
        if (status is not (FrameStatus.Done or FrameStatus.NeedMore))
        {
            PrivateTcpProtocolException.ThrowInvalidFrame(status, data[0]);
        }

        return status == FrameStatus.Done;
    }

    private void Process(in PrivateFrame frame, DeliveryBatch batch)
    {
        if (_session is null)
        {
            OnConnect(ConnectFrame.Read(frame, settings.Options.AcceptLegacyConnect), batch);
            return;
        }

        switch (frame.Type)
        {
            case FrameType.DataTrans:
                OnUplink(frame.Payload, batch);
                break;
            case FrameType.Ping:
                AppendControl([PrivateFrameWriter.Pong]);
                Interlocked.Increment(ref _framesSent);
                batch.Touch(this);
                break;
            case FrameType.Disconnect:
                Close(CloseReason.ClientDisconnected);
                break;
            default:
                PrivateTcpProtocolException.ThrowUnexpectedFrame(frame.Type);
                break;
        }
    }
}
