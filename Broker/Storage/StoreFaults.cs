namespace Broker.Storage;

/// <summary>What the disk refuses to do at present.</summary>
[Flags]
internal enum StoreFaults
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Writing and syncing the journal.</summary>
    Write = 0x1,

    /// <summary>Moving changes to the database.</summary>
    Move = 0x2,

    /// <summary>Making the next segment of the journal: what is recorded can still be written, as long as the current one lasts.</summary>
    Prepare = 0x4,
}
