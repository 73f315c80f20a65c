namespace Broker.Storage.Database;

/// <summary>What a salvage has taken over and what it has not.</summary>
/// <param name="Rows">Rows taken over, by table.</param>
/// <param name="LostRows">Rows that were found but cannot be read, or belong to something that is lost.</param>
/// <param name="LostPages">Pages that cannot be read, with an unknown number of rows.</param>
/// <param name="LastFrameIsKnown">False when it is not known which frames of the journal were in the database.</param>
internal sealed record SalvageReport(IReadOnlyDictionary<string, long> Rows, long LostRows, long LostPages, bool LastFrameIsKnown)
{
    /// <inheritdoc />
    public override string ToString() =>
        string.Join(", ", Rows.Where(table => table.Key != "meta").Select(table => $"{table.Value} {table.Key}"))
        + $" taken over; {LostRows} rows and {LostPages} pages lost";
}
