namespace Broker.Storage.Database;

/// <summary>A row that was read out of a damaged file.</summary>
/// <param name="rowId">Its rowid; null in a table without one.</param>
internal sealed class SalvagedRow(long? rowId)
{
    private readonly List<(char Kind, long Number, byte[]? Bytes)> _values = [];
    private string? _kinds;

    /// <summary>True for a row of a table with rowids.</summary>
    public bool HasRowId => rowId.HasValue;

    /// <summary>The kinds of the values: N NULL, I INTEGER, T TEXT, B BLOB. The rowid stands in its column.</summary>
    public string Kinds => _kinds ??= string.Concat(_values.Select((value, column) => column == 0 && HasRowId ? 'I' : value.Kind));

    /// <summary>True for the entry of an index, and for a row of SQLite's own table.</summary>
    public bool IsOfIndexOrSchema => Kinds == (HasRowId ? "ITTIT" : "III");

    /// <summary>Takes a value of a serial type from the front of the rest of the record.</summary>
    public bool TryAdd(long type, ref ReadOnlySpan<byte> rest)
    {
        long length = type switch
        {
            <= 4 => type,
            5 => 6,
            6 => 8,
            8 or 9 => 0,
            >= 12 => (type - 12) / 2,
            _ => -1,
        };
        if (length < 0 || length > rest.Length)
        {
            return false;
        }

        var value = rest[..(int)length];
        rest = rest[(int)length..];
        _values.Add(type switch
        {
            0 => ('N', 0, null),
            8 or 9 => ('I', type - 8, null),
            <= 6 => ('I', Integer(value), null),
            _ => (type % 2 == 0 ? 'B' : 'T', 0, value.ToArray()),
        });
        return true;
    }

    /// <summary>Binds the values to a statement's parameters.</summary>
    public void BindTo(Statement statement)
    {
        for (var column = 0; column < _values.Count; column++)
        {
            var (kind, number, bytes) = _values[column];
            switch (column == 0 && HasRowId ? 'R' : kind)
            {
                case 'R':
                    statement.Bind(1, rowId!.Value);
                    break;
                case 'I':
                    statement.Bind(column + 1, number);
                    break;
                case 'T':
                    statement.BindText(column + 1, bytes);
                    break;
                case 'B':
                    statement.BindBytes(column + 1, bytes);
                    break;
                default:
                    statement.BindNull(column + 1);
                    break;
            }
        }
    }

    private static long Integer(ReadOnlySpan<byte> bytes)
    {
        long value = (sbyte)bytes[0];
        foreach (var next in bytes[1..])
        {
            value = (value << 8) | next;
        }

        return value;
    }
}
