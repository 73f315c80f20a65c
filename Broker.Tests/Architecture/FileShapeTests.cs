using NUnit.Framework;

namespace Broker.Tests.Architecture;

/// <summary>Short files, one type each, named and placed like it.</summary>
internal sealed class FileShapeTests
{
    private const int MaximumLines = 500;

    [Test]
    public void No_file_is_too_long()
    {
        IEnumerable<string> faults = SourceTree.Files
            .Where(file => file.LineCount > MaximumLines)
            .Select(file => $"Broker/{file.Path}: {file.LineCount} lines, at most {MaximumLines}: split it by concern (Type.Concern.cs).");

        Assert.That(string.Join('\n', faults), Is.Empty);
    }

    [Test]
    public void Every_file_has_one_type_and_its_name() =>
        Assert.That(string.Join('\n', SourceTree.Files.Select(ShapeFault).OfType<string>()), Is.Empty);

    [Test]
    public void Every_namespace_is_the_folder() =>
        Assert.That(string.Join('\n', SourceTree.Files.Select(NamespaceFault).OfType<string>()), Is.Empty);

    [TestCase("Core/A.cs", "class A { class Inner; }", ExpectedResult = true)]
    [TestCase("Core/A.cs", "internal readonly record struct A(int X) { enum Inner { B } }", ExpectedResult = true)]
    [TestCase("Core/A.Reading.cs", "partial class A<T> where T : class { }", ExpectedResult = true)]
    [TestCase("Core/A.cs", "delegate void A(int x);", ExpectedResult = true)]
    [TestCase("Core/A.cs", "class A<T, U> where T : class where U : struct;", ExpectedResult = true)]
    [TestCase("Core/A.cs", "class A;\nenum B { C }", ExpectedResult = false)]
    [TestCase("Core/A.cs", "class A;\ndelegate int B(int x);", ExpectedResult = false)]
    [TestCase("Core/A.cs", "class B;", ExpectedResult = false)]
    [TestCase("Core/A.Reading.cs", "class B;", ExpectedResult = false)]
    [TestCase("Core/A.cs", "// class A;", ExpectedResult = false)]
    public bool The_shape_is_recognised(string path, string text) => ShapeFault(new SourceFile(path, text)) is null;

    [TestCase("Core/Topics/A.cs", "namespace Broker.Core.Topics;", ExpectedResult = true)]
    [TestCase("Core/Topics/A.cs", "namespace Broker.Core;", ExpectedResult = false)]
    [TestCase("Core/Topics/A.cs", "class A;", ExpectedResult = false)]
    public bool The_namespace_is_recognised(string path, string text) => NamespaceFault(new SourceFile(path, text)) is null;

    private static string? ShapeFault(SourceFile file)
    {
        string[] types = TypeDeclarations.TopLevel(file);
        string expected = file.Name.Split('.')[0];
        return file.Room?.Name == House.Program || (types.Length == 1 && types[0] == expected)
            ? null
            : $"Broker/{file.Path}: declares [{string.Join(", ", types)}], should declare {expected} and nothing else.";
    }

    private static string? NamespaceFault(SourceFile file)
    {
        string folder = Path.GetDirectoryName(file.Path)!.Replace('/', '.');
        string expected = $"namespace {House.Root}.{folder};";
        return file.Room?.Name == House.Program || file.Code.Contains(expected, StringComparison.Ordinal)
            ? null
            : $"Broker/{file.Path}: should say \"{expected}\".";
    }
}
