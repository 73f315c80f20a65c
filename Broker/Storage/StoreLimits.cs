namespace Broker.Storage;

/// <summary>Sizes and times of the store that are not for the operator to set.</summary>
internal sealed class StoreLimits
{
    /// <summary>Bytes of a segment file of the journal. Default: 16 MiB.</summary>
    public long SegmentBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Bytes that may be recorded and not committed before publishers wait. Default: 64 MiB.</summary>
    public long UncommittedBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Bytes that may be committed and not moved before publishers wait. Default: 256 MiB.</summary>
    public long UnmovedBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>Bytes of changes that move to the database in one transaction. Default: 8 MiB.</summary>
    public int BatchBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>How far the database lags behind at most, and the pause before what failed is tried again. Default: 1 second.</summary>
    public TimeSpan Beat { get; init; } = TimeSpan.FromSeconds(1);
}
