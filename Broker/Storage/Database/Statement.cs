using SQLitePCL;
using static SQLitePCL.raw;

namespace Broker.Storage.Database;

/// <summary>
/// A prepared statement. Parameters count from 1 and keep their values from one run to the next, so one that has the value already is not bound
/// again; columns count from 0.
/// </summary>
internal sealed class Statement : IDisposable
{
    private readonly SqliteFile _file;
    private readonly sqlite3_stmt _statement;
    private readonly long?[] _numbers;
    private readonly bool[] _areNull;

    public Statement(SqliteFile file, sqlite3_stmt statement)
    {
        _file = file;
        _statement = statement;
        var parameters = sqlite3_bind_parameter_count(statement) + 1;
        _numbers = new long?[parameters];
        _areNull = new bool[parameters];
        Array.Fill(_areNull, true);
    }

    /// <summary>Binds a number.</summary>
    public void Bind(int parameter, long value)
    {
        if (_numbers[parameter] == value)
        {
            return;
        }

        _file.Check(sqlite3_bind_int64(_statement, parameter, value));
        _numbers[parameter] = value;
        _areNull[parameter] = false;
    }

    /// <summary>Binds 0 or 1.</summary>
    public void Bind(int parameter, bool value) => Bind(parameter, value ? 1 : 0);

    /// <summary>Binds NULL.</summary>
    public void BindNull(int parameter)
    {
        if (_areNull[parameter])
        {
            return;
        }

        _file.Check(sqlite3_bind_null(_statement, parameter));
        _numbers[parameter] = null;
        _areNull[parameter] = true;
    }

    /// <summary>Binds UTF-8.</summary>
    public void BindText(int parameter, ReadOnlySpan<byte> value)
    {
        _file.Check(value.IsEmpty ? sqlite3_bind_text(_statement, parameter, "") : sqlite3_bind_text(_statement, parameter, value));
        Forget(parameter);
    }

    /// <summary>Binds UTF-8, nothing as NULL.</summary>
    public void BindOptionalText(int parameter, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            BindNull(parameter);
        }
        else
        {
            BindText(parameter, value);
        }
    }

    /// <summary>Binds bytes.</summary>
    public void BindBytes(int parameter, ReadOnlySpan<byte> value)
    {
        _file.Check(value.IsEmpty ? sqlite3_bind_zeroblob(_statement, parameter, 0) : sqlite3_bind_blob(_statement, parameter, value));
        Forget(parameter);
    }

    /// <summary>Binds bytes, nothing as NULL.</summary>
    public void BindOptionalBytes(int parameter, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            BindNull(parameter);
        }
        else
        {
            BindBytes(parameter, value);
        }
    }

    /// <summary>Runs a statement that has no rows.</summary>
    public void Execute()
    {
        var result = sqlite3_step(_statement);
        if (result != SQLITE_DONE)
        {
            FailAfterReset(result);
        }

        _ = sqlite3_reset(_statement);
    }

    /// <summary>Goes to the next row; false after the last one, and the statement can be run again.</summary>
    public bool Read()
    {
        var result = sqlite3_step(_statement);
        if (result == SQLITE_ROW)
        {
            return true;
        }

        if (result != SQLITE_DONE)
        {
            FailAfterReset(result);
        }

        _ = sqlite3_reset(_statement);
        return false;
    }

    /// <summary>Ends reading before the last row.</summary>
    public void Reset() => _ = sqlite3_reset(_statement);

    /// <summary>True when the column is NULL.</summary>
    public bool IsNull(int column) => sqlite3_column_type(_statement, column) == SQLITE_NULL;

    /// <summary>A number; 0 for NULL.</summary>
    public long Number(int column) => sqlite3_column_int64(_statement, column);

    /// <summary>True for a number that is not 0.</summary>
    public bool Flag(int column) => Number(column) != 0;

    /// <summary>Bytes of a text or a BLOB, valid until the next step; empty for NULL.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => sqlite3_column_blob(_statement, column);

    /// <inheritdoc />
    public void Dispose() => _ = sqlite3_finalize(_statement);

    private void Forget(int parameter)
    {
        _numbers[parameter] = null;
        _areNull[parameter] = false;
    }

    private void FailAfterReset(int result)
    {
        try
        {
            _file.Check(result);
        }
        finally
        {
            _ = sqlite3_reset(_statement);
        }
    }
}
