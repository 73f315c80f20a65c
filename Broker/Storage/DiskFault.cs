namespace Broker.Storage;

/// <summary>Tells what a disk does to a program from a defect of the program.</summary>
internal static class DiskFault
{
    /// <summary>True for what a full, failing, read-only or missing disk causes.</summary>
    public static bool Is(Exception exception) => exception is IOException or UnauthorizedAccessException;
}
