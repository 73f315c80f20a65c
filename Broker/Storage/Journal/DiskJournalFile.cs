using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Broker.Storage.Journal;

/// <summary>A file of the journal on a disk.</summary>
internal sealed class DiskJournalFile(SafeFileHandle handle, string path) : IJournalFile
{
    /// <inheritdoc />
    public long Length { get; } = RandomAccess.GetLength(handle);

    /// <inheritdoc />
    public void Write(long offset, ReadOnlySpan<byte> bytes) => RandomAccess.Write(handle, bytes, offset);

    /// <inheritdoc />
    public int Read(long offset, Span<byte> bytes)
    {
        var total = 0;
        while (total < bytes.Length)
        {
            var read = RandomAccess.Read(handle, bytes[total..], offset + total);
            if (read == 0)
            {
                break;
            }

            total += read;
        }

        return total;
    }

    /// <inheritdoc />
    public void Sync()
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(handle);
        }
        else if (LibC.SyncData((int)handle.DangerousGetHandle()) != 0)
        {
            throw new StoreFaultException($"{path} cannot be synced: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <inheritdoc />
    public void Dispose() => handle.Dispose();
}
