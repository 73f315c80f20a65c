namespace Broker.Connections;

/// <summary>Bytes that wait for a connection's socket. Holds a rented buffer only while some do. Not thread-safe: the connection's lock guards it.</summary>
internal struct OutputBuffer
{
    private byte[]? _bytes;
    private int _start;
    private int _end;

    /// <summary>Bytes that wait.</summary>
    public readonly int Length => _end - _start;

    /// <summary>The bytes that wait, oldest first.</summary>
    public readonly ReadOnlySpan<byte> Pending => _bytes.AsSpan(_start, _end - _start);

    /// <summary>Makes room for <paramref name="length"/> more bytes, which count as waiting at once; the caller fills them.</summary>
    public Span<byte> Extend(int length)
    {
        if (_bytes is null)
        {
            _bytes = BufferPool.Rent(length);
        }
        else if (_bytes.Length - _end < length)
        {
            MakeRoom(length);
        }

        _end += length;
        return _bytes.AsSpan(_end - length, length);
    }

    /// <summary>The first <paramref name="length"/> bytes have left.</summary>
    public void Consume(int length)
    {
        _start += length;
        if (_start == _end)
        {
            Release();
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
        _start = 0;
        _end = 0;
    }

    private void MakeRoom(int length)
    {
        var waiting = Length;
        if (waiting + length <= _bytes!.Length / 2)
        {
            Pending.CopyTo(_bytes);
        }
        else
        {
            var larger = BufferPool.Rent(Math.Max(waiting + length, (int)Math.Min(int.MaxValue / 2, _bytes.Length * 2L)));
            Pending.CopyTo(larger);
            BufferPool.Return(_bytes);
            _bytes = larger;
        }

        _start = 0;
        _end = waiting;
    }
}
