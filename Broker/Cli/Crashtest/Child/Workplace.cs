namespace Broker.Cli.Crashtest.Child;

/// <summary>Where a run keeps the broker's data and log.</summary>
internal sealed class Workplace
{
    private readonly string _root = Directory.CreateTempSubdirectory("broker-crashtest-").FullName;

    /// <param name="dataDirectory">The broker's data directory; null for one in the temporary directory.</param>
    public Workplace(string? dataDirectory)
    {
        DataDirectory = Path.GetFullPath(dataDirectory ?? Path.Combine(_root, "data"));
        LogFile = Path.Combine(_root, "broker.log");
        Directory.CreateDirectory(DataDirectory);
    }

    public string DataDirectory { get; }

    public string LogFile { get; }

    /// <summary>Nobody needs to look at it: deletes what is temporary.</summary>
    public void Discard() => Directory.Delete(_root, recursive: true);
}
