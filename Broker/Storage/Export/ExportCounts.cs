namespace Broker.Storage.Export;

/// <summary>What was exported or imported.</summary>
internal readonly record struct ExportCounts(long Retained, long Sessions, long Queued)
{
    /// <inheritdoc />
    public override string ToString() => $"{Retained} retained messages, {Sessions} sessions, {Queued} queued messages";
}
