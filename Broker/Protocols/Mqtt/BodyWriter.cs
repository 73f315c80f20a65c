using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Broker.Protocols.Mqtt;

/// <summary>Collects the fields of a packet body, or of its property section, for the packets that are not sent per message.</summary>
internal sealed partial class BodyWriter
{
    private const int KeptBytes = 4096;

    [ThreadStatic]
    private static BodyWriter? t_idle;

    private readonly ArrayBufferWriter<byte> _buffer = new(64);
    private BodyWriter? _nextIdle;

    private BodyWriter()
    {
    }

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public int Length => _buffer.WrittenCount;

    /// <summary>An empty writer, for use on this thread until it is handed to <see cref="CopyTo"/> or <see cref="Section"/>.</summary>
    public static BodyWriter Begin()
    {
        var writer = t_idle ?? new BodyWriter();
        t_idle = writer._nextIdle;
        writer._nextIdle = null;
        return writer;
    }

    public void Byte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    public void UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_buffer.GetSpan(sizeof(ushort)), value);
        _buffer.Advance(sizeof(ushort));
    }

    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_buffer.GetSpan(sizeof(uint)), value);
        _buffer.Advance(sizeof(uint));
    }

    public void VariableByte(uint value) =>
        _buffer.Advance(VariableByteInteger.Write(_buffer.GetSpan(VariableByteInteger.MaximumSize), value));

    public void Raw(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);

    /// <summary>Two bytes of length, then the bytes.</summary>
    public void Binary(ReadOnlySpan<byte> bytes)
    {
        UInt16(checked((ushort)bytes.Length));
        Raw(bytes);
    }

    public void Text(string text)
    {
        UInt16(checked((ushort)Encoding.UTF8.GetByteCount(text)));
        _buffer.Advance(Encoding.UTF8.GetBytes(text, _buffer.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
    }

    /// <summary>A property section behind its length [MQTT-2.2.2-1].</summary>
    public void Section(BodyWriter properties)
    {
        VariableByte((uint)properties.Length);
        Raw(properties.Written);
        properties.End();
    }

    /// <summary>Puts the fixed header in front of the body and hands over the packet.</summary>
    public void CopyTo(IBufferWriter<byte> destination, PacketType type, byte flags = 0)
    {
        var span = destination.GetSpan(MqttWriter.PacketSize(Length));
        var header = 1 + VariableByteInteger.Write(span[1..], (uint)Length);
        span[0] = (byte)((int)type << 4 | flags);
        Written.CopyTo(span[header..]);
        destination.Advance(header + Length);
        End();
    }

    // One that an unusual packet has made large is left to the collector.
    private void End()
    {
        if (_buffer.Capacity <= KeptBytes)
        {
            _buffer.ResetWrittenCount();
            _nextIdle = t_idle;
            t_idle = this;
        }
    }
}
