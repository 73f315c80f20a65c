namespace Broker.Core.Limits;

/// <summary>What a ClientId has used of its budgets, as it outlives the process.</summary>
/// <param name="ClientId">ClientId.</param>
/// <param name="Day">Bytes of the day.</param>
/// <param name="DayEnds">When the day ends.</param>
/// <param name="Month">Bytes of the month.</param>
/// <param name="MonthEnds">When the month ends.</param>
internal sealed record BudgetRecord(string ClientId, long Day, DateTimeOffset DayEnds, long Month, DateTimeOffset MonthEnds);
