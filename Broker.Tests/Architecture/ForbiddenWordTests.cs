using System.Text.RegularExpressions;
using NUnit.Framework;

namespace Broker.Tests.Architecture;

/// <summary>Words that code must not contain, everywhere or in some rooms.</summary>
internal sealed class ForbiddenWordTests
{
    private const string OwnTime =
        @"\bDateTime\s*\.\s*(UtcNow|Now|Today)\b|\bDateTimeOffset\s*\.\s*(UtcNow|Now)\b|\bTask\s*\.\s*Delay\b|\bThread\s*\.\s*Sleep\b"
        + @"|\bnew\s+([\w.]+\.)?Timer\b|\bEnvironment\s*\.\s*TickCount(64)?\b";

    private const string NotPure =
        @"\b(Task|ValueTask|ILogger|async|await|Lock|Monitor|Interlocked|TimeProvider|Stopwatch|Thread)\b|\block\s*\(";

    private const string EmptyName = @"\b(class|struct|interface|record)\s+\w*(Manager|Helper|Util|Utils|Utilities)\b";

    [Test]
    public void Time_comes_from_TimeProvider_only() =>
        Assert.That(Faults(SourceTree.Files, OwnTime, "take the time from TimeProvider"), Is.Empty);

    [Test]
    public void Codecs_are_pure() =>
        Assert.That(
            Faults(SourceTree.Files.Where(IsCodec), NotPure, "a codec knows no task, clock, logger or lock: bytes in, values out"),
            Is.Empty);

    [Test]
    public void Types_are_named_for_what_they_are() =>
        Assert.That(Faults(SourceTree.Files, EmptyName, "name the type for what it is"), Is.Empty);

    [TestCase("var x = DateTime.UtcNow;")]
    [TestCase("var x = System.DateTimeOffset.Now;")]
    [TestCase("await Task.Delay(1);")]
    [TestCase("new System.Threading.Timer(f);")]
    [TestCase("Thread.Sleep(1);")]
    public void Own_time_is_reported(string code) =>
        Assert.That(Faults([new SourceFile("Core/A.cs", "\n" + code)], OwnTime, "why"), Does.StartWith("Broker/Core/A.cs:2: "));

    [TestCase("lock (_gate) { }")]
    [TestCase("private readonly Lock _gate = new();")]
    [TestCase("public async Task Read() { }")]
    [TestCase("ILogger<int> logger;")]
    public void Impurity_is_reported(string code) =>
        Assert.That(Faults([new SourceFile("Protocols/Mqtt/A.cs", code)], NotPure, "why"), Is.Not.Empty);

    [TestCase("time.GetUtcNow(); Block(1); TaskId x; // Task.Delay, lock (x)")]
    public void Innocent_code_is_not_reported(string code) =>
        Assert.That(Faults([new SourceFile("Protocols/Mqtt/A.cs", code)], OwnTime + "|" + NotPure, "why"), Is.Empty);

    private static bool IsCodec(SourceFile file) => file.Path.StartsWith("Protocols/", StringComparison.Ordinal);

    private static string Faults(IEnumerable<SourceFile> files, string pattern, string why) => string.Join('\n',
        from file in files
        from Match match in Regex.Matches(file.Code, pattern)
        select $"{file.At(match.Index)}: {match.Value.Trim()}: {why}.");
}
