using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Broker.Storage.Journal;

/// <summary>The directory of the journal on a disk.</summary>
internal sealed class DiskJournalFiles(string directory) : IJournalFiles
{
    private const int ZeroBytes = 1024 * 1024;

    /// <inheritdoc />
    public IReadOnlyList<string> Names() => [.. Directory.EnumerateFiles(directory).Select(path => Path.GetFileName(path))];

    /// <inheritdoc />
    public IJournalFile Create(string name, long length)
    {
        var path = PathOf(name);
        try
        {
            var handle = File.OpenHandle(
                path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, FileOptions.None, preallocationSize: length);
            Fill(handle, length);
            return new DiskJournalFile(handle, path);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <inheritdoc />
    public IJournalFile Open(string name)
    {
        var path = PathOf(name);
        return new DiskJournalFile(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), path);
    }

    /// <inheritdoc />
    public void Rename(string name, string newName) => File.Move(PathOf(name), PathOf(newName), overwrite: true);

    /// <inheritdoc />
    public void Delete(string name) => File.Delete(PathOf(name));

    /// <inheritdoc />
    public string SetAside(string name, string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, name);
        File.Move(PathOf(name), path);
        return path;
    }

    /// <inheritdoc />
    public void Sync()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var descriptor = LibC.Open(directory, LibC.ReadOnly | LibC.CloseOnExec);
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (descriptor < 0 || LibC.Sync(descriptor) != 0)
        {
            throw new StoreFaultException($"{directory} cannot be synced: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    // Blocks that are allocated but never written make the first sync after each write a change of metadata, which costs about a third.
    private static void Fill(SafeFileHandle handle, long length)
    {
        try
        {
            var zeros = new byte[Math.Min(ZeroBytes, length)];
            for (var offset = 0L; offset < length; offset += zeros.Length)
            {
                RandomAccess.Write(handle, zeros.AsSpan(0, (int)Math.Min(zeros.Length, length - offset)), offset);
            }
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private string PathOf(string name) => Path.Combine(directory, name);
}
