namespace Broker.Tests.Architecture;

/// <summary>The broker's sources, found from the test binaries upwards.</summary>
internal static class SourceTree
{
    private static readonly Lazy<SourceFile[]> LazyFiles = new(ReadAll);

    public static string RepositoryRoot { get; } = FindRoot();

    public static SourceFile[] Files => LazyFiles.Value;

    private static SourceFile[] ReadAll()
    {
        string broker = Path.Combine(RepositoryRoot, House.Root);
        return
        [
            .. Directory.EnumerateFiles(broker, "*.cs", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(broker, file).Replace('\\', '/'))
                .Where(path => !path.StartsWith("obj/", StringComparison.Ordinal) && !path.StartsWith("bin/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(path => new SourceFile(path, File.ReadAllText(Path.Combine(broker, path)))),
        ];
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "broker.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"No broker.sln above {AppContext.BaseDirectory}");
    }
}
