namespace Broker.Connections;

/// <summary>The beginning of a frame whose end has not come yet. Holds a rented buffer only while there is one.</summary>
internal struct ReceiveRemainder
{
    private const int Smallest = 512;

    private byte[]? _bytes;

    /// <summary>Bytes kept.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes kept.</summary>
    public readonly ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>Keeps <paramref name="data"/> in place of what was kept; it must not lie in <see cref="Bytes"/>.</summary>
    public void Keep(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty || _bytes?.Length < data.Length)
        {
            Release();
        }

        if (!data.IsEmpty)
        {
            _bytes ??= BufferPool.Rent(data.Length);
            data.CopyTo(_bytes);
            Length = data.Length;
        }
    }

    /// <summary>Room for more bytes behind those kept. Grows with what has come, not with what a header promises.</summary>
    public Span<byte> Extend(int wanted)
    {
        if (_bytes is null || Length == _bytes.Length)
        {
            var larger = BufferPool.Rent(Math.Max(Smallest, Math.Min(Math.Max(wanted, Length + 1), 2 * Length)));
            Bytes.CopyTo(larger);
            if (_bytes is not null)
            {
                BufferPool.Return(_bytes);
            }

            _bytes = larger;
        }

        return _bytes.AsSpan(Length);
    }

    /// <summary>So many bytes were written to the room that <see cref="Extend"/> gave.</summary>
    public void Commit(int length) => Length += length;

    /// <summary>The first <paramref name="length"/> bytes are done with.</summary>
    public void Consume(int length)
    {
        if (length == Length)
        {
            Release();
        }
        else if (length > 0)
        {
            var rest = Bytes[length..];
            var smaller = BufferPool.Rent(rest.Length);
            rest.CopyTo(smaller);
            Length = rest.Length;
            BufferPool.Return(_bytes!);
            _bytes = smaller;
        }
    }

    /// <summary>Forgets all bytes and gives the buffer back.</summary>
    public void Release()
    {
        if (_bytes is not null)
        {
            BufferPool.Return(_bytes);
        }

        _bytes = null;
        Length = 0;
    }
}
