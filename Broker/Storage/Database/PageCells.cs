using System.Buffers.Binary;

namespace Broker.Storage.Database;

/// <summary>
/// A page of a B-tree, every cell of which lies within the page. Tables with a rowid keep rows in their leaves, those without one (which SQLite
/// keeps like an index) in all pages.
/// </summary>
internal readonly ref struct PageCells
{
    private const byte IndexInterior = 2;
    private const byte TableInterior = 5;
    private const byte IndexLeaf = 10;
    private const byte TableLeaf = 13;

    private readonly ReadOnlySpan<byte> _page;
    private readonly int _header;

    private PageCells(ReadOnlySpan<byte> page, int header)
    {
        _page = page;
        _header = header;
    }

    /// <summary>Number of cells.</summary>
    public int Count => BinaryPrimitives.ReadUInt16BigEndian(_page[(_header + 3)..]);

    /// <summary>True when the cells name child pages.</summary>
    public bool IsInterior => _page[_header] is IndexInterior or TableInterior;

    /// <summary>True when the cells hold rows.</summary>
    public bool HasRows => _page[_header] != TableInterior;

    /// <summary>True when rows have a rowid.</summary>
    public bool HasRowIds => _page[_header] == TableLeaf;

    /// <summary>The child behind the last cell of an interior page.</summary>
    public int LastChild => BinaryPrimitives.ReadInt32BigEndian(_page[(_header + 8)..]);

    private int PointersAt => _header + (IsInterior ? 12 : 8);

    /// <summary>False when the page is none of a B-tree, or damaged.</summary>
    public static bool TryRead(ReadOnlySpan<byte> page, int number, out PageCells cells)
    {
        const int fileHeader = 100;
        cells = new PageCells(page, number == 1 ? fileHeader : 0);
        if (page[cells._header] is not (IndexInterior or TableInterior or IndexLeaf or TableLeaf))
        {
            return false;
        }

        var end = cells.PointersAt + (2 * cells.Count);
        if (end > page.Length)
        {
            return false;
        }

        for (var i = 0; i < cells.Count; i++)
        {
            if (cells.Offset(i) < end || cells.Offset(i) > page.Length - 4)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The child page before a cell.</summary>
    public int Child(int cell) => BinaryPrimitives.ReadInt32BigEndian(_page[Offset(cell)..]);

    /// <summary>Where the row of a cell begins, behind the number of the child page.</summary>
    public int RowOffset(int cell) => Offset(cell) + (IsInterior ? 4 : 0);

    private int Offset(int cell) => BinaryPrimitives.ReadUInt16BigEndian(_page[(PointersAt + (2 * cell))..]);
}
