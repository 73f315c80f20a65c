using System.Buffers.Binary;

namespace Broker.Protocols.PrivateTcp;

/// <summary>
/// One frame of the private TCP protocol, pointing into the buffer it was read from.
/// <code>
/// 1 byte: type &lt;&lt; 4 | flags      2 bytes: Len (big-endian)      Len bytes: payload
/// </code>
/// PING, PONG and DISCONNECT are one byte, with no Len.
/// </summary>
internal readonly ref struct PrivateFrame
{
    /// <summary>Bytes before the payload of a frame that has one.</summary>
    public const int HeaderLength = 3;

    /// <summary>Largest Len.</summary>
    public const int MaximumPayloadLength = ushort.MaxValue;

    private PrivateFrame(FrameType type, byte flags, ReadOnlySpan<byte> payload, int length)
    {
        Type = type;
        Flags = flags;
        Payload = payload;
        Length = length;
    }

    /// <summary>Frame type.</summary>
    public FrameType Type { get; }

    /// <summary>The low four bits of the first byte.</summary>
    public byte Flags { get; }

    /// <summary>What follows Len; empty for one-byte frames.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Bytes of the whole frame.</summary>
    public int Length { get; }

    /// <summary>True for a type that a device may send.</summary>
    public bool IsFromDevice => Type is FrameType.Connect or FrameType.DataTrans or FrameType.Ping or FrameType.Disconnect;

    /// <summary>Reads the frame at the beginning of the buffer. Every refusal is made at the first byte that allows it.</summary>
    /// <param name="buffer">Bytes received so far, beginning with a frame's first byte.</param>
    /// <param name="maximumPacketSize">Largest Len accepted.</param>
    /// <param name="frame">The frame, when the result is <see cref="FrameStatus.Done"/>.</param>
    /// <param name="needed">For <see cref="FrameStatus.NeedMore"/>: how long the buffer must be before another call makes sense.</param>
    public static FrameStatus TryRead(ReadOnlySpan<byte> buffer, int maximumPacketSize, out PrivateFrame frame, out int needed)
    {
        frame = default;
        needed = 1;
        if (buffer.IsEmpty)
        {
            return FrameStatus.NeedMore;
        }

        var type = (FrameType)(buffer[0] >> 4);
        var flags = (byte)(buffer[0] & 0x0F);
        if (type is < FrameType.Connect or > FrameType.Disconnect)
        {
            return FrameStatus.ReservedType;
        }

        if (flags != 0 && type is not (FrameType.Connect or FrameType.ConnAck))
        {
            return FrameStatus.InvalidFlags;
        }

        if (type >= FrameType.Ping)
        {
            frame = new PrivateFrame(type, flags, default, 1);
            return FrameStatus.Done;
        }

        needed = HeaderLength;
        if (buffer.Length < HeaderLength)
        {
            return FrameStatus.NeedMore;
        }

        var payloadLength = BinaryPrimitives.ReadUInt16BigEndian(buffer[1..]);
        if (payloadLength > maximumPacketSize)
        {
            return FrameStatus.TooLarge;
        }

        needed = HeaderLength + payloadLength;
        if (buffer.Length < needed)
        {
            return FrameStatus.NeedMore;
        }

        frame = new PrivateFrame(type, flags, buffer[HeaderLength..needed], needed);
        return FrameStatus.Done;
    }
}
