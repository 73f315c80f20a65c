namespace Broker.Storage.Journal;

/// <summary>
/// A frame that is being filled: room for its header, then changes. It grows as needed and is used again and again, so that recording allocates
/// nothing in steady state.
/// </summary>
internal sealed class FrameBuffer
{
    private const int SmallestBytes = 64 * 1024;
    private const int LargestKeptBytes = 8 * 1024 * 1024;

    private byte[] _bytes = new byte[SmallestBytes];
    private int _length = Frame.HeaderLength;

    /// <summary>Bytes of changes.</summary>
    public int PayloadLength => _length - Frame.HeaderLength;

    /// <summary>Header and changes.</summary>
    public Span<byte> Whole => _bytes.AsSpan(0, _length);

    /// <summary>The changes.</summary>
    public ReadOnlySpan<byte> Payload => _bytes.AsSpan(Frame.HeaderLength, PayloadLength);

    /// <summary>At least so many bytes to write to; <see cref="Advance"/> says how many were used.</summary>
    public Span<byte> Ask(int count)
    {
        if (_bytes.Length - _length < count)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max((long)_length + count, _bytes.Length * 2L)));
        }

        return _bytes.AsSpan(_length);
    }

    /// <summary>So many of the bytes asked for are used now.</summary>
    public void Advance(int count) => _length += count;

    /// <summary>Empties the frame; one burst does not keep its memory for ever.</summary>
    public void Clear()
    {
        _length = Frame.HeaderLength;
        if (_bytes.Length > LargestKeptBytes)
        {
            _bytes = new byte[SmallestBytes];
        }
    }
}
