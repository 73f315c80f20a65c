using System.Text.RegularExpressions;

namespace Broker.Storage.Database;

/// <summary>A table that rows are salvaged for, and how its rows are told from those of others, for a page says not whose it is.</summary>
/// <param name="Name">Name of the table.</param>
/// <param name="HasRowIds">True when its rows have rowids.</param>
/// <param name="Kinds">Pattern that the kinds of a row's values match.</param>
internal sealed record SalvagedTable(string Name, bool HasRowIds, Regex Kinds)
{
    /// <summary>The tables of <see cref="DatabaseSchema.Current"/>.</summary>
    public static IReadOnlyList<SalvagedTable> All { get; } =
    [
        new("meta", true, new Regex("^I{5}$")),
        new("session", true, new Regex("^IT[TN]TII[IN]I[IN]{4}[TN]{2}[BN]{2}$")),
        new("message", true, new Regex("^III[IN][TN]T[BN]{2}$")),
        new("subscription", false, new Regex("^ITI{5}$")),
        new("received", false, new Regex("^II$")),
        new("queue", false, new Regex("^III[IN]II[TN]{2}[IN]{3}[TN]{2}[BN]{2}$")),
        new("retained", false, new Regex("^TI[IN][TN][BN]{2}$")),
    ];

    /// <summary>True for a row of this table.</summary>
    public bool Owns(SalvagedRow row) => row.HasRowId == HasRowIds && Kinds.IsMatch(row.Kinds);
}
