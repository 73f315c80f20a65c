namespace Broker.Core.Routing;

/// <summary>
/// The encodings of the publication that is being delivered, one per wire form, so that a frame is encoded once however many receive it.
/// A form is a number whose meaning only the gateway that reserved it knows.
/// </summary>
internal sealed class EncodingCache
{
    /// <summary>Means: no encoding.</summary>
    public const int NoForm = 0;

    private const int MaximumForms = 32;
    private static int s_reserved = 1;

    private readonly (int Start, int Length)[] _frames = new (int, int)[MaximumForms];
    private byte[] _bytes = new byte[1024];
    private int _used;
    private uint _present;

    /// <summary>Reserves form numbers for a gateway, once, at start; returns the first.</summary>
    public static int ReserveForms(int count)
    {
        var first = Interlocked.Add(ref s_reserved, count) - count;
        return first + count <= MaximumForms ? first : throw new InvalidOperationException("More wire forms than the encoding cache has room for.");
    }

    /// <summary>Forgets all encodings: the next publication begins.</summary>
    public void Clear()
    {
        _present = 0;
        _used = 0;
        if (_bytes.Length > 1 << 20)
        {
            _bytes = new byte[1024];
        }
    }

    /// <summary>The encoding of a form, if there is one.</summary>
    public bool TryGet(int form, out ReadOnlySpan<byte> frame)
    {
        if ((_present & (1u << form)) == 0)
        {
            frame = default;
            return false;
        }

        var (start, length) = _frames[form];
        frame = _bytes.AsSpan(start, length);
        return true;
    }

    /// <summary>Makes room for the encoding of a form; the caller fills it.</summary>
    public Span<byte> Add(int form, int length)
    {
        if (_bytes.Length - _used < length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(_bytes.Length * 2L, _used + (long)length)));
        }

        _frames[form] = (_used, length);
        _present |= 1u << form;
        _used += length;
        return _bytes.AsSpan(_used - length, length);
    }
}
