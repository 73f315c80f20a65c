using System.CommandLine;
using Broker.Cli;
using Broker.Hosting;
using Broker.Security;
using Broker.Tests.Configuration;
using NUnit.Framework;

namespace Broker.Tests.Cli;

public sealed class BrokerCommandLineTests
{
    private readonly Queue<string> _typed = [];
    private TemporaryDirectory _directory = null!;
    private StringWriter _output = null!;
    private StringWriter _error = null!;
    private ServeSettings? _served;

    [SetUp]
    public void SetUp()
    {
        _directory = new TemporaryDirectory();
        _output = new StringWriter();
        _error = new StringWriter();
        _served = null;
        _typed.Clear();
    }

    [TearDown]
    public void TearDown()
    {
        _directory.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [TestCase("")]
    [TestCase("serve")]
    public async Task Serve_is_the_default_command(string command)
    {
        string[] args = [.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--set", "Mqtt:MaximumQos=1", "--set", "Mqtt:ReceiveMaximum=7", "--ext-port", "9010"];

        Assert.That(await InvokeAsync(args), Is.EqualTo(42), "the status of the host is the status of the process");
        Assert.That(_served!.Options.Mqtt.MaximumQos, Is.EqualTo(1));
        Assert.That(_served.Options.Mqtt.ReceiveMaximum, Is.EqualTo(7));
        Assert.That(_served.Options.ExtPort, Is.EqualTo(9010));
    }

    [Test]
    public async Task Serve_with_a_wrong_configuration_prints_every_error_and_does_not_start()
    {
        Assert.That(await InvokeAsync("serve", "--set", "Mqtt:MaximumQos=3", "--ext-port", "x"), Is.EqualTo(ExitCode.Failure));
        Assert.That(_served, Is.Null);
        Assert.That(Lines(_error), Has.Length.EqualTo(2));
        Assert.That(Lines(_error)[0], Is.EqualTo("error: command line: --set Mqtt:MaximumQos = '3': out of range; allowed: 0 to 2"));
    }

    [Test]
    public async Task Serve_gets_the_password_file_read()
    {
        string path = _directory.Write("passwords", $"ann:{PasswordHash.Create("secret"u8, 10)}\n");

        Assert.That(await InvokeAsync("serve", "--set", $"Authentication:PasswordFile={path}"), Is.EqualTo(42));
        Assert.That(_served!.Passwords!.Find("ann"), Is.Not.Null);
        Assert.That(_served.Warnings, Has.Some.Contains("too fast"));
    }

    [Test]
    public async Task CheckConfig_prints_the_listeners()
    {
        string json = _directory.Write("broker.json", """{ "Broker": { "Authentication": { "AllowAnonymous": true }, "Listeners": { "a": { "Port": 1884 } } } }""");

        Assert.That(await InvokeAsync("check-config", "--config", json), Is.EqualTo(ExitCode.Success));
        Assert.That(Lines(_output), Is.EqualTo([
            "listener a: Mqtt on *:1884",
            "operators' HTTP on 127.0.0.1:18083",
            "The configuration is valid.",
        ]));
        Assert.That(_served, Is.Null);
    }

    [Test]
    public async Task An_option_counts_before_and_behind_the_command()
    {
        Assert.That(await InvokeAsync("--ext-port", "9010", "check-config"), Is.EqualTo(ExitCode.Success));
        Assert.That(Lines(_output)[0], Is.EqualTo("listener one-port: Multiplexed on localhost:9010"));
    }

    [Test]
    public async Task CheckConfig_fails_with_every_error_wrong_password_lines_included()
    {
        string path = _directory.Write("passwords", "nonsense\n");

        int status = await InvokeAsync("check-config", "--set", $"Authentication:PasswordFile={path}", "--set", "Mqt:x=1");

        Assert.That(status, Is.EqualTo(ExitCode.Failure));
        Assert.That(Lines(_error), Is.EqualTo([
            "error: command line: --set Mqt:x: unknown key; did you mean Mqtt?",
            $"error: password file: {path}: line 1: not user:hash",
        ]));
    }

    [Test]
    public async Task Passwd_sets_a_password_typed_twice()
    {
        _typed.Enqueue("secret");
        _typed.Enqueue("secret");

        Assert.That(await InvokeAsync("passwd", "passwords", "ann"), Is.EqualTo(ExitCode.Success));
        Assert.That(Passwords().Find("ann")!.Verify("secret"u8), Is.True);
        Assert.That(Passwords().Problems, Is.Empty);
    }

    [Test]
    public async Task Passwd_refuses_two_that_differ()
    {
        _typed.Enqueue("secret");
        _typed.Enqueue("secrte");

        Assert.That(await InvokeAsync("passwd", "passwords", "ann"), Is.EqualTo(ExitCode.Usage));
        Assert.That(File.Exists(Path.Combine(_directory.Path, "passwords")), Is.False);
    }

    [Test]
    public async Task Passwd_reads_the_password_from_standard_input()
    {
        Assert.That(await InvokeAsync("passwd", "passwords", "ann", "--password-stdin"), Is.EqualTo(ExitCode.Success));
        Assert.That(Passwords().Find("ann")!.Verify("from stdin"u8), Is.True);
    }

    [Test]
    public async Task Passwd_deletes_a_user()
    {
        _directory.Write("passwords", $"ann:{PasswordHash.Create("secret"u8, 10)}\n");

        Assert.That(await InvokeAsync("passwd", "passwords", "ann", "--delete"), Is.EqualTo(ExitCode.Success));
        Assert.That(await InvokeAsync("passwd", "passwords", "ann", "--delete"), Is.EqualTo(ExitCode.Failure));
        Assert.That(Passwords().Count, Is.Zero);
    }

    [Test]
    public async Task Passwd_says_in_one_line_why_a_file_cannot_be_written()
    {
        Assert.That(await InvokeAsync("passwd", "missing/passwords", "ann", "--password-stdin"), Is.EqualTo(ExitCode.Failure));
        Assert.That(Lines(_error), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Version_prints_the_version()
    {
        Assert.That(await InvokeAsync("version"), Is.EqualTo(ExitCode.Success));
        Assert.That(_output.ToString(), Does.Match(@"^\d+\.\d+\.\d+"));
    }

    [TestCase("frobnicate")]
    [TestCase("serve", "--colour", "red")]
    [TestCase("passwd", "file")]
    [TestCase("--config")]
    public async Task A_wrong_command_line_exits_with_2(params string[] args)
    {
        Assert.That(await InvokeAsync(args), Is.EqualTo(ExitCode.Usage));
        Assert.That(_error.ToString(), Does.StartWith("error: "));
        Assert.That(_served, Is.Null);
    }

    [Test]
    public async Task Help_exits_with_0()
    {
        Assert.That(await InvokeAsync("--help"), Is.EqualTo(ExitCode.Success));
        Assert.That(_output.ToString(), Does.Contain("check-config").And.Contain("--ext-port"));
    }

    [Test]
    public async Task Commands_from_elsewhere_take_part()
    {
        Command device = new("device");
        device.SetAction(_ => 7);

        Assert.That(await BrokerCommandLine.InvokeAsync(["device"], Environment(), ServeAsync, device), Is.EqualTo(7));
    }

    private static string[] Lines(StringWriter writer) =>
        writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private Task<int> InvokeAsync(params string[] args) => BrokerCommandLine.InvokeAsync(args, Environment(), ServeAsync);

    private PasswordFile Passwords() => PasswordFile.Load(Path.Combine(_directory.Path, "passwords"));

    private Task<int> ServeAsync(ServeSettings settings, CancellationToken cancellationToken)
    {
        _served = settings;
        return Task.FromResult(42);
    }

    private CliEnvironment Environment() => new()
    {
        Output = _output,
        Error = _error,
        Input = new StringReader("from stdin\n"),
        ReadSecret = _ => _typed.TryDequeue(out string? typed) ? typed : null,
        WorkingDirectory = _directory.Path,
        Variables = new Dictionary<string, string>(),
    };
}
