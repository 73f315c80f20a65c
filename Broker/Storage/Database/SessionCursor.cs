namespace Broker.Storage.Database;

/// <summary>Rows in the order of the sessions that they belong to, the session's key in the first column.</summary>
/// <param name="row">The statement that reads them.</param>
/// <param name="strays">Gets the keys that were passed over.</param>
internal sealed class SessionCursor(Statement row, List<long> strays) : IDisposable
{
    private bool _hasBegun;
    private bool _hasRow;

    /// <summary>Passes over all rows of sessions up to this one.</summary>
    public void Skip(long upTo)
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            _hasRow = row.Read();
        }

        while (_hasRow && row.Number(0) <= upTo)
        {
            if (strays.Count == 0 || strays[^1] != row.Number(0))
            {
                strays.Add(row.Number(0));
            }

            _hasRow = row.Read();
        }
    }

    /// <summary>Reads all rows of a session.</summary>
    public T[] ReadAll<T>(long session, Func<Statement, T> read)
    {
        Skip(session - 1);
        if (!_hasRow || row.Number(0) != session)
        {
            return [];
        }

        List<T> values = [];
        for (; _hasRow && row.Number(0) == session; _hasRow = row.Read())
        {
            values.Add(read(row));
        }

        return [.. values];
    }

    /// <inheritdoc />
    public void Dispose() => row.Dispose();
}
