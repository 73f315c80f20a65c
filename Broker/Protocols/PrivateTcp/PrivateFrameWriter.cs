using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Broker.Protocols.PrivateTcp;

/// <summary>Writes the frames of both directions. A payload that Len cannot express is the caller's error.</summary>
internal static class PrivateFrameWriter
{
    /// <summary>PING, the whole frame.</summary>
    public const byte Ping = (byte)FrameType.Ping << 4;

    /// <summary>PONG, the whole frame.</summary>
    public const byte Pong = (byte)FrameType.Pong << 4;

    /// <summary>DISCONNECT, the whole frame.</summary>
    public const byte Disconnect = (byte)FrameType.Disconnect << 4;

    /// <summary>The first byte of DATATRANS.</summary>
    public const byte DataTrans = (byte)FrameType.DataTrans << 4;

    /// <summary>Writes CONNECT, in the dialect that <see cref="ConnectFrame.Version"/> names.</summary>
    /// <exception cref="ArgumentException">The fields do not fit one frame, or there is a Password without a Username.</exception>
    public static void WriteConnect(ConnectFrame connect, IBufferWriter<byte> output)
    {
        if (connect.Password is not null && connect.Username is null)
        {
            throw new ArgumentException("A Password needs a Username before it.", nameof(connect));
        }

        var length = 1 + StringLength(connect.ClientId)
            + (connect.Username is null ? 0 : StringLength(connect.Username))
            + (connect.Password is null ? 0 : sizeof(ushort) + connect.Password.Length);
        if (length > PrivateFrame.MaximumPayloadLength)
        {
            throw new ArgumentException("ClientId, Username and Password do not fit one frame.", nameof(connect));
        }

        var span = output.GetSpan(PrivateFrame.HeaderLength + length);
        WriteHeader(span, (byte)(((byte)FrameType.Connect << 4) | connect.Version), (ushort)length);
        var at = PrivateFrame.HeaderLength;
        span[at++] = connect.KeepAliveSeconds;
        at += WriteString(span[at..], connect.ClientId);
        at += connect.Username is null ? 0 : WriteString(span[at..], connect.Username);
        if (connect.Password is not null)
        {
            BinaryPrimitives.WriteUInt16BigEndian(span[at..], (ushort)connect.Password.Length);
            connect.Password.CopyTo(span[(at + sizeof(ushort))..]);
        }

        output.Advance(PrivateFrame.HeaderLength + length);
    }

    /// <summary>Writes CONNACK; the message is UTF-8 and may be empty.</summary>
    public static void WriteConnAck(ConnAckCode code, ReadOnlySpan<byte> message, IBufferWriter<byte> output) =>
        WriteFrame((byte)(((byte)FrameType.ConnAck << 4) | (byte)code), message, output);

    /// <summary>Writes DATATRANS with a payload of up to <see cref="PrivateFrame.MaximumPayloadLength"/> bytes.</summary>
    public static void WriteDataTrans(ReadOnlySpan<byte> payload, IBufferWriter<byte> output) => WriteFrame(DataTrans, payload, output);

    /// <summary>Writes the <see cref="PrivateFrame.HeaderLength"/> bytes before a DATATRANS payload.</summary>
    public static void WriteDataTransHeader(Span<byte> destination, ushort length) => WriteHeader(destination, DataTrans, length);

    /// <summary>Writes PING.</summary>
    public static void WritePing(IBufferWriter<byte> output) => output.Write([Ping]);

    /// <summary>Writes PONG.</summary>
    public static void WritePong(IBufferWriter<byte> output) => output.Write([Pong]);

    /// <summary>Writes DISCONNECT.</summary>
    public static void WriteDisconnect(IBufferWriter<byte> output) => output.Write([Disconnect]);

    private static void WriteFrame(byte firstByte, ReadOnlySpan<byte> payload, IBufferWriter<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, PrivateFrame.MaximumPayloadLength);
        var span = output.GetSpan(PrivateFrame.HeaderLength + payload.Length);
        WriteHeader(span, firstByte, (ushort)payload.Length);
        payload.CopyTo(span[PrivateFrame.HeaderLength..]);
        output.Advance(PrivateFrame.HeaderLength + payload.Length);
    }

    private static void WriteHeader(Span<byte> destination, byte firstByte, ushort length)
    {
        destination[0] = firstByte;
        BinaryPrimitives.WriteUInt16BigEndian(destination[1..], length);
    }

    private static int StringLength(string text) => sizeof(ushort) + Encoding.UTF8.GetByteCount(text);

    private static int WriteString(Span<byte> destination, string text)
    {
        var length = Encoding.UTF8.GetBytes(text, destination[sizeof(ushort)..]);
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)length);
        return sizeof(ushort) + length;
    }
}
