using System.Globalization;

namespace Broker.Storage.Journal;

/// <summary>A file of the journal that is being written or read.</summary>
internal sealed class Segment(long number, uint seed, IJournalFile file)
{
    private const string Suffix = ".log";

    private long _committed = SegmentHeader.Length;
    private Segment? _next;

    /// <summary>Its place among the segments.</summary>
    public long Number { get; } = number;

    /// <summary>What the checksums of its frames begin with.</summary>
    public uint Seed { get; } = seed;

    /// <summary>The file.</summary>
    public IJournalFile File { get; } = file;

    /// <summary>Name of the file.</summary>
    public string Name => NameOf(Number);

    /// <summary>Offset up to which frames are on the disk.</summary>
    public long Committed
    {
        get => Volatile.Read(ref _committed);
        set => Volatile.Write(ref _committed, value);
    }

    /// <summary>The segment after this one; once it is there, nothing is added to this one.</summary>
    public Segment? Next
    {
        get => Volatile.Read(ref _next);
        set => Volatile.Write(ref _next, value);
    }

    /// <summary>Name of the file of a segment.</summary>
    public static string NameOf(long number) => number.ToString("D10", CultureInfo.InvariantCulture) + Suffix;

    /// <summary>The number in a file's name; false for files of another kind.</summary>
    public static bool TryParseName(string name, out long number)
    {
        number = 0;
        return name.EndsWith(Suffix, StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(0, name.Length - Suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
