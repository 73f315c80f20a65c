namespace Broker.Storage.Journal;

/// <summary>Something in the journal that a crash does not explain.</summary>
/// <param name="File">Name of the file.</param>
/// <param name="Offset">Where, in bytes.</param>
/// <param name="What">What is wrong, as the end of a sentence.</param>
internal readonly record struct JournalDamage(string File, long Offset, string What)
{
    /// <inheritdoc />
    public override string ToString() => $"{File} at byte {Offset}: {What}";
}
