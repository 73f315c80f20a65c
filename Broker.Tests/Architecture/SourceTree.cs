namespace Broker.Tests.Architecture;

/// <summary>The broker's sources.</summary>
internal static class SourceTree
{
    private static readonly Lazy<SourceFile[]> LazyFiles = new(ReadAll);

    public static SourceFile[] Files => LazyFiles.Value;

    private static SourceFile[] ReadAll()
    {
        string broker = Path.Combine(Repository.Root, House.Root);
        return
        [
            .. Directory.EnumerateFiles(broker, "*.cs", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(broker, file).Replace('\\', '/'))
                .Where(path => !path.StartsWith("obj/", StringComparison.Ordinal) && !path.StartsWith("bin/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(path => new SourceFile(path, File.ReadAllText(Path.Combine(broker, path)))),
        ];
    }
}
