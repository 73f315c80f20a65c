using System.Runtime.InteropServices;

namespace Broker.Storage.Journal;

/// <summary>The system calls that .NET does not offer, with the values that Linux gives their flags on x64 and arm64.</summary>
internal static partial class LibC
{
    public const int ReadOnly = 0;
    public const int CloseOnExec = 0x80000;

    private const string Library = "libc";

    /// <summary>Syncs data, and metadata only where reading the data needs it.</summary>
    [LibraryImport(Library, EntryPoint = "fdatasync", SetLastError = true)]
    public static partial int SyncData(int descriptor);

    [LibraryImport(Library, EntryPoint = "fsync", SetLastError = true)]
    public static partial int Sync(int descriptor);

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);
}
