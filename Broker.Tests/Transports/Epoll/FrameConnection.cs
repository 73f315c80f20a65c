using System.Buffers.Binary;
using Broker.Connections;
using Broker.Core;
using Broker.Core.Routing;
using Broker.Core.Sessions;
using Broker.Primitives;

namespace Broker.Tests.Transports.Epoll;

/// <summary>A toy protocol: frames of a length (4 bytes), a kind (1 byte) and content.</summary>
internal sealed class FrameConnection(MessageBroker broker, ConnectionPeer peer, FrameService service) : ClientConnection(broker, peer)
{
    public const byte Echo = (byte)'E';
    public const byte Pause = (byte)'P';
    public const byte Many = (byte)'M';
    public const byte Defect = (byte)'D';
    public const byte Bye = (byte)'B';
    public const byte Long = (byte)'L';

    /// <summary>Turns that a <see cref="Long"/> frame takes.</summary>
    public const int LongTurns = 5;

    private const int HeaderSize = 5;

    private int _turns;

    public override int ReceiveMaximum => 1;

    public override ClientProtocol Protocol => ClientProtocol.PrivateTcp;

    public static byte[] Frame(byte kind, ReadOnlySpan<byte> content)
    {
        byte[] frame = new byte[HeaderSize + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, content.Length);
        frame[4] = kind;
        content.CopyTo(frame.AsSpan(HeaderSize));
        return frame;
    }

    public override int Receive(ReadOnlySpan<byte> data, DeliveryBatch batch)
    {
        int consumed = 0;
        IsUnfinished = false;
        while (!IsClosed && Suspension is null && !IsUnfinished)
        {
            ReadOnlySpan<byte> rest = data[consumed..];
            Wanted = rest.Length < HeaderSize ? HeaderSize : HeaderSize + BinaryPrimitives.ReadInt32BigEndian(rest);
            if (rest.Length < Wanted)
            {
                break;
            }
            int length = Wanted;
            Wanted = 0;
            if (rest[4] == Long && ++_turns % LongTurns != 0)
            {
                IsUnfinished = true;
                service.OnTurn(this);
                break;
            }
            Process(rest[4], rest[..length], batch);
            consumed += length;
        }
        return consumed;
    }

    public override void OnAttached(Session session, bool sessionPresent)
    {
    }

    public override AppendOutcome AppendPublish(in Publication publication, in DeliveryTerms terms, DeliveryBatch batch) => AppendOutcome.Full;

    public override void AppendRelease(ushort packetId)
    {
    }

    protected override void OnStarted() => service.OnStarted(this);

    protected override void OnClosing(CloseReason reason, string? detail) => AppendControl(Frame(Bye, []));

    protected override void OnClosed(CloseReason reason) => service.OnClosed(reason);

    private void Process(byte kind, ReadOnlySpan<byte> frame, DeliveryBatch batch)
    {
        switch (kind)
        {
            case Pause:
                service.OnPaused();
                Suspension = service.Gate.Task;
                break;
            case Many:
                AppendControl(Frame(Many, new byte[BinaryPrimitives.ReadInt32BigEndian(frame[HeaderSize..])]));
                break;
            case Defect:
                throw new InvalidOperationException("a defect, made on purpose");
            default:
                AppendControl(frame);
                break;
        }
        batch.Touch(this);
    }
}
