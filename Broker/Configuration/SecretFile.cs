namespace Broker.Configuration;

/// <summary>A file that holds one secret, as container platforms hand them out.</summary>
internal static class SecretFile
{
    private const UnixFileMode NotTheOwners =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>The secret; the line's end does not count.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static string Read(string path) => File.ReadAllText(path).TrimEnd('\r', '\n');

    /// <summary>True when others than its owner can read or change the file.</summary>
    public static bool IsOpenToOthers(string path) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & NotTheOwners) != 0;
}
