using System.Globalization;

namespace Broker.Hosting.Reloading;

/// <summary>Files that are read together, and what to do when one of them is another.</summary>
/// <param name="what">What they are, for the log.</param>
/// <param name="paths">The files.</param>
/// <param name="reload">Reads them and puts them in force; returns what is wrong with them, and has then changed nothing.</param>
internal sealed class ReloadableFiles(string what, IReadOnlyList<string> paths, Func<string?> reload)
{
    private string _stamp = Stamp(paths);

    /// <summary>What they are, and where.</summary>
    public string Name => $"{what} {string.Join(", ", paths)}";

    /// <summary>True when a file is another than it was when this was asked last.</summary>
    public bool HaveChanged()
    {
        string now = Stamp(paths);
        bool changed = now != _stamp;
        _stamp = now;
        return changed;
    }

    /// <summary>Reads the files and puts them in force; returns what is wrong with them.</summary>
    public string? Reload() => reload();

    private static string Stamp(IReadOnlyList<string> paths) => string.Join('\n', paths.Select(StampOf));

    // Container platforms exchange a symbolic link to exchange a secret, so the file behind it is what counts.
    private static string StampOf(string path)
    {
        try
        {
            string target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
            FileInfo file = new(target);
            return string.Create(CultureInfo.InvariantCulture, $"{target} {file.LastWriteTimeUtc.Ticks} {file.Length}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
