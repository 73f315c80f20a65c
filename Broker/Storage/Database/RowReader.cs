using System.Buffers.Binary;

namespace Broker.Storage.Database;

/// <summary>Reads rows out of the cells of pages, with their overflow pages. What does not add up is no row.</summary>
internal sealed class RowReader(DamagedFile file)
{
    private const int LargestRow = 1 << 29;

    private readonly byte[] _overflow = new byte[file.PageSize];

    // Those of the row that is being read.
    private readonly List<int> _chain = [];

    /// <summary>Overflow pages of rows that were read.</summary>
    public HashSet<int> OverflowPages { get; } = [];

    /// <summary>Reads the row of a cell; null when it is damaged.</summary>
    public SalvagedRow? Read(ReadOnlySpan<byte> page, in PageCells cells, int cell)
    {
        var rest = page[cells.RowOffset(cell)..];
        long rowId = 0;
        if (!TryReadVarint(ref rest, out var length) || length is < 1 or > LargestRow || (cells.HasRowIds && !TryReadVarint(ref rest, out rowId)))
        {
            return null;
        }

        var local = LocalBytes((int)length, cells.HasRowIds);
        if (local + (local < length ? 4 : 0) > rest.Length)
        {
            return null;
        }

        if (local == length)
        {
            return Decode(rest[..local], cells.HasRowIds ? rowId : null);
        }

        var record = new byte[length];
        rest[..local].CopyTo(record);
        return TryReadOverflow(BinaryPrimitives.ReadInt32BigEndian(rest[local..]), record.AsSpan(local))
            ? Decode(record, cells.HasRowIds ? rowId : null)
            : null;
    }

    private int LocalBytes(int length, bool hasRowId)
    {
        var usable = file.PageSize;
        var most = hasRowId ? usable - 35 : ((usable - 12) * 64 / 255) - 23;
        if (length <= most)
        {
            return length;
        }

        var least = ((usable - 12) * 32 / 255) - 23;
        var local = least + ((length - least) % (usable - 4));
        return local <= most ? local : least;
    }

    private bool TryReadOverflow(int page, Span<byte> target)
    {
        _chain.Clear();
        while (!target.IsEmpty)
        {
            if (!file.TryRead(page, _overflow))
            {
                return false;
            }

            _chain.Add(page);
            var part = _overflow.AsSpan(4, Math.Min(target.Length, file.PageSize - 4));
            part.CopyTo(target);
            target = target[part.Length..];
            page = BinaryPrimitives.ReadInt32BigEndian(_overflow);
        }

        OverflowPages.UnionWith(page == 0 ? _chain : []);
        return page == 0;
    }

    private static SalvagedRow? Decode(ReadOnlySpan<byte> record, long? rowId)
    {
        var header = record;
        if (!TryReadVarint(ref header, out var headerLength) || headerLength < 1 || headerLength > record.Length)
        {
            return null;
        }

        var body = record[(int)headerLength..];
        header = record[(record.Length - header.Length)..(int)headerLength];
        SalvagedRow row = new(rowId);
        while (!header.IsEmpty)
        {
            if (!TryReadVarint(ref header, out var type) || type < 0 || !row.TryAdd(type, ref body))
            {
                return null;
            }
        }

        return body.IsEmpty ? row : null;
    }

    private static bool TryReadVarint(ref ReadOnlySpan<byte> bytes, out long value)
    {
        value = 0;
        for (var i = 0; i < 9 && i < bytes.Length; i++)
        {
            if (i == 8)
            {
                value = (value << 8) | bytes[i];
            }
            else
            {
                value = (value << 7) | (bytes[i] & 0x7FL);
            }

            if (i == 8 || bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
