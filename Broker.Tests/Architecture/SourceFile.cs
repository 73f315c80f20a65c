namespace Broker.Tests.Architecture;

/// <summary>One source file of the broker: its path below Broker/, its text, and its code without comments and literals.</summary>
internal sealed class SourceFile(string path, string text)
{
    public string Path { get; } = path;

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public string Text { get; } = text;

    public Room? Room { get; } = House.Of(path);

    public string Code { get; } = CodeText.Strip(text);

    public int LineCount { get; } = text.Count(c => c == '\n') + (text.EndsWith('\n') ? 0 : 1);

    public string At(int index) => $"Broker/{Path}:{Code.AsSpan(0, index).Count('\n') + 1}";
}
