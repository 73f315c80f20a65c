using Broker.Cli;
using Broker.Core.Timing;
using Broker.Storage.Database;
using Broker.Storage.Export;
using Broker.Tests.Configuration;
using Broker.Tests.Storage.Database;
using NUnit.Framework;

namespace Broker.Tests.Cli;

/// <summary>`broker export` and `broker import`.</summary>
public sealed class ExportCommandTests
{
    private TemporaryDirectory _directory = null!;
    private StringWriter _output = null!;
    private StringWriter _error = null!;
    private string _input = "";

    private string Store => Path.Combine(_directory.Path, "store");

    [SetUp]
    public void SetUp()
    {
        _directory = new TemporaryDirectory();
        _output = new StringWriter();
        _error = new StringWriter();
        Directory.CreateDirectory(Store);
        using var database = StoreDatabase.Open(Path.Combine(Store, "broker.db"));
        database.Apply(d => d.Retain("a", "x"));
    }

    [TearDown]
    public void TearDown()
    {
        _directory.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Test]
    public void An_export_to_a_file_can_be_imported_elsewhere()
    {
        Assert.That(Export("--data-directory", "store", "out.jsonl"), Is.EqualTo(ExitCode.Success));
        Assert.That(Import("--data-directory", "new", "out.jsonl"), Is.EqualTo(ExitCode.Success));

        Assert.That(_error.ToString(), Does.Contain("Exported 1 retained messages").And.Contain("Imported 1 retained messages"));
        Assert.That(Topics("new"), Is.EqualTo(["a"]));
    }

    [Test]
    public void Standard_output_and_input_are_the_default()
    {
        Assert.That(Export("--data-directory", Store), Is.EqualTo(ExitCode.Success));
        _input = _output.ToString();
        Assert.That(Import("--data-directory", "new"), Is.EqualTo(ExitCode.Success));

        Assert.That(Topics("new"), Is.EqualTo(["a"]));
    }

    [Test]
    public void A_directory_that_is_in_use_is_refused()
    {
        using var broker = HeldDatabase.Open(Store, create: false);

        Assert.That((Export("--data-directory", "store"), Import("--data-directory", "store", "--replace")), Is.EqualTo((ExitCode.Failure, ExitCode.Failure)));
        Assert.That(_error.ToString(), Does.Contain("in use by another broker"));
    }

    [Test]
    public void A_directory_that_is_not_there_is_not_made_by_an_export()
    {
        Assert.That(Export("--data-directory", "none"), Is.EqualTo(ExitCode.Failure));
        Assert.That(_error.ToString(), Does.Contain("there is no data directory"));
        Assert.That(Directory.Exists(Path.Combine(_directory.Path, "none")), Is.False);
    }

    [Test]
    public void What_is_there_is_replaced_only_when_asked_for()
    {
        _input = """
            {"type":"broker","format":1,"exportedAt":1}
            {"type":"retained","topic":"b","qos":1,"retain":true,"payload":"x"}
            {"type":"end","retained":1,"sessions":0,"queued":0}
            """;

        Assert.That(Import("--data-directory", "store"), Is.EqualTo(ExitCode.Failure));
        Assert.That(_error.ToString(), Does.Contain("--replace"));
        Assert.That(Topics("store"), Is.EqualTo(["a"]));
        Assert.That(Import("--data-directory", "store", "--replace"), Is.EqualTo(ExitCode.Success));
        Assert.That(Topics("store"), Is.EqualTo(["b"]));
    }

    [Test]
    public void A_wrong_line_is_named()
    {
        _input = "nonsense";

        Assert.That(Import("--data-directory", "new"), Is.EqualTo(ExitCode.Failure));
        Assert.That(_error.ToString(), Does.StartWith("error: line 1: "));
    }

    private int Export(params string[] args) => ExportCommand.Create(Environment()).Parse(args).Invoke();

    private int Import(params string[] args) => ImportCommand.Create(Environment()).Parse(args).Invoke();

    private string[] Topics(string directory)
    {
        using var database = StoreDatabase.Open(Path.Combine(_directory.Path, directory, "broker.db"));
        return [.. database.LoadRetained(new BrokerClock(TimeProvider.System)).Select(message => message.Topic.Text())];
    }

    private CliEnvironment Environment() => new()
    {
        Output = _output,
        Error = _error,
        Input = new StringReader(_input),
        ReadSecret = _ => null,
        WorkingDirectory = _directory.Path,
        Variables = new Dictionary<string, string>(),
    };
}
