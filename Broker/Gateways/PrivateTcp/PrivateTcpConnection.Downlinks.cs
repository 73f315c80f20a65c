using System.Text;
using Broker.Core.Routing;
using Broker.Observability;
using Broker.Primitives;
using Broker.Protocols.PrivateTcp;

namespace Broker.Gateways.PrivateTcp;

internal sealed partial class PrivateTcpConnection
{
    private static readonly int DataTransForm = EncodingCache.ReserveForms(1);

    private UndeliveredDownlinks _undelivered;
    private bool _overrun;

    /// <inheritdoc />
    protected override int MaximumPendingBytes => settings.MaximumPendingBytes;

    /// <inheritdoc />
    public override AppendOutcome AppendPublish(in Publication publication, in DeliveryTerms terms, DeliveryBatch batch)
    {
        if (publication.Payload.Length > PrivateFrame.MaximumPayloadLength)
        {
            logger.DownlinkTooLarge(ClientIdForLog, Encoding.UTF8.GetString(publication.Topic), publication.Payload.Length);
            return AppendOutcome.TooLarge;
        }

        var frame = Encode(publication, batch);
        lock (this)
        {
            if (!TryAppend(frame))
            {
                _overrun = true; // the session's lock is held here: closing waits for the flush
                batch.Touch(this);
                return AppendOutcome.Full;
            }

            _undelivered.Add(new UndeliveredDownlink(AppendedBytes, terms.PacketId, terms.Qos));
            Interlocked.Increment(ref _framesSent);
        }

        return AppendOutcome.Appended;
    }

    /// <summary>Nothing to append: a device's session never holds a released delivery, and no other session is resumed by a device.</summary>
    public override void AppendRelease(ushort packetId)
    {
    }

    /// <inheritdoc />
    protected override void OnFlushed(long sentBytes)
    {
        Acknowledge(sentBytes);
        if (!IsClosed)
        {
            CheckForceShutdown();
        }
    }

    private static ReadOnlySpan<byte> Encode(in Publication publication, DeliveryBatch batch)
    {
        if (batch.Encodings.TryGet(DataTransForm, out var encoded))
        {
            return encoded;
        }

        var frame = batch.Encodings.Add(DataTransForm, PrivateFrame.HeaderLength + publication.Payload.Length);
        PrivateFrameWriter.WriteDataTransHeader(frame, (ushort)publication.Payload.Length);
        publication.Payload.CopyTo(frame[PrivateFrame.HeaderLength..]);
        return frame;
    }

    // The protocol has no acknowledgement: a downlink is delivered once the socket has taken its bytes.
    private void Acknowledge(long sentBytes)
    {
        DeliveryBatch? batch = null;
        while (TryTakeAwaited(sentBytes, out var delivered))
        {
            batch ??= DeliveryBatch.Begin(Broker);
            if (delivered.Qos == Qos.AtLeastOnce)
            {
                _session!.Acknowledge(this, delivered.PacketId, batch);
            }
            else
            {
                _session!.Abandon(this, delivered.PacketId, batch);
            }
        }

        batch?.Dispose();
    }

    // The session's lock comes before the connection's, so each is acknowledged after the connection's lock is free again.
    private bool TryTakeAwaited(long sentBytes, out UndeliveredDownlink delivered)
    {
        lock (this)
        {
            return _undelivered.TryTakeAwaited(sentBytes, out delivered);
        }
    }

    private void CheckForceShutdown()
    {
        var waiting = _undelivered.Count + (_session?.QueuedCount ?? 0);
        if (_overrun)
        {
            Close(CloseReason.SlowConsumer, $"more than {MaximumPendingBytes} bytes of downlinks are undelivered");
        }
        else if (waiting > settings.MaximumPendingMessages)
        {
            Close(CloseReason.SlowConsumer, $"{waiting} downlinks are undelivered, more than {settings.MaximumPendingMessages}");
        }
    }
}
