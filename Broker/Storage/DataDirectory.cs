using System.Globalization;
using System.Text;
using Broker.Storage.Journal;
using Microsoft.Win32.SafeHandles;

namespace Broker.Storage;

/// <summary>The directory of the store's files, held so that no second process uses it.</summary>
internal sealed class DataDirectory : IDisposable
{
    // Two segments of the journal, and as much again for the database and its log.
    private const long LeastFreeBytes = 64 * 1024 * 1024;

    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream @lock)
    {
        Path = path;
        _lock = @lock;
    }

    /// <summary>Absolute path.</summary>
    public string Path { get; }

    /// <summary>Path of the database file.</summary>
    public string DatabasePath => System.IO.Path.Combine(Path, "broker.db");

    /// <summary>Path of the journal's directory.</summary>
    public string JournalPath => System.IO.Path.Combine(Path, "journal");

    /// <summary>Makes the directory if need be and takes hold of it.</summary>
    /// <exception cref="StoreException">It cannot be made, is not writable, or another process holds it.</exception>
    public static DataDirectory Hold(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(path);
            Directory.CreateDirectory(System.IO.Path.Combine(path, "journal"));
        }
        catch (Exception exception) when (DiskFault.Is(exception))
        {
            throw new StoreException($"The data directory {path} cannot be made: {exception.Message} Set Storage:DataDirectory to one that this user may write.", exception);
        }

        return new DataDirectory(path, Lock(path));
    }

    /// <summary>Where damaged files are kept for the operator.</summary>
    public static string DamagedPath(string directory, DateTimeOffset now) =>
        System.IO.Path.Combine(directory, "damaged-" + now.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture));

    /// <summary>A sentence about the disk when it is nearly full, for a message about what cannot be opened there; empty otherwise.</summary>
    public static string FreeSpaceNote(string path)
    {
        try
        {
            var free = new DriveInfo(System.IO.Path.GetFullPath(path)).AvailableFreeSpace;
            return free < LeastFreeBytes
                ? string.Create(CultureInfo.InvariantCulture, $" The disk has {free} bytes left: make room for {LeastFreeBytes} at least and start again.")
                : "";
        }
        catch (Exception exception) when (DiskFault.Is(exception) || exception is ArgumentException)
        {
            return "";
        }
    }

    /// <summary>Lets go of the directory.</summary>
    public void Dispose() => _lock.Dispose();

    // A lock that the kernel gives back when the process ends, however it ends; the file stays.
    private static FileStream Lock(string path)
    {
        var file = System.IO.Path.Combine(path, "lock");
        try
        {
            var stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            stream.SetLength(0);
            stream.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            return stream;
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new StoreException($"The data directory {path} is not writable: {exception.Message} Set Storage:DataDirectory to one that this user may write.", exception);
        }
        catch (IOException exception)
        {
            throw HolderOf(file) is { } holder
                ? new StoreException($"The data directory {path} is in use by another broker (process {holder}). Stop it, or set Storage:DataDirectory to another directory.", exception)
                : new StoreException($"The data directory {path} cannot be used: {exception.Message}", exception);
        }
    }

    // Opened past .NET, which would ask for a lock of its own to read.
    private static string? HolderOf(string file)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        using var handle = new SafeFileHandle(LibC.Open(file, LibC.ReadOnly | LibC.CloseOnExec), ownsHandle: true);
        if (handle.IsInvalid)
        {
            return null;
        }

        Span<byte> digits = stackalloc byte[16];
        var length = RandomAccess.Read(handle, digits, 0);
        return long.TryParse(digits[..length], CultureInfo.InvariantCulture, out var process)
            ? process.ToString(CultureInfo.InvariantCulture)
            : null;
    }
}
