using System.CommandLine;
using Broker.Cli;
using Broker.Cli.Device;
using Broker.Protocols.PrivateTcp;
using NUnit.Framework;

namespace Broker.Tests.Cli.Device;

internal sealed class DeviceOptionsTests
{
    [Test]
    public void Defaults_are_a_plain_device_on_this_machine()
    {
        var settings = Bind("--id", "dev", out _)!;

        Assert.That((settings.Host, settings.Port, settings.Tls, settings.Reconnect), Is.EqualTo(("127.0.0.1", 8090, false, (bool?)null)));
        Assert.That(settings.Connect.ClientId, Is.EqualTo("dev"));
        Assert.That(settings.Connect.KeepAliveSeconds, Is.EqualTo(60));
        Assert.That(settings.Connect.Version, Is.EqualTo(ConnectFrame.SupportedVersion));
    }

    [Test]
    public void Everything_can_be_set()
    {
        var settings = Bind(
            "--id", "dev --host h --port 9 --username u --password p --keepalive 0 --insecure --legacy --hex --stay --no-reconnect", out _)!;

        Assert.That((settings.Host, settings.Port, settings.Tls, settings.Reconnect), Is.EqualTo(("h", 9, true, (bool?)false)));
        Assert.That((settings.Insecure, settings.Hex, settings.Stay), Is.EqualTo((true, true, true)));
        Assert.That(settings.Connect.Username, Is.EqualTo("u"));
        Assert.That(settings.Connect.Password, Is.EqualTo("p"u8.ToArray()));
        Assert.That(settings.Connect.Version, Is.EqualTo(ConnectFrame.LegacyVersion));
    }

    [Test]
    public void The_password_file_gives_its_first_line()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "secret\nmore\n");
            Assert.That(Bind("--id", $"dev --username u --password-file {file}", out _)!.Connect.Password, Is.EqualTo("secret"u8.ToArray()));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [TestCase("--port", "1", "--id")]
    [TestCase("--id", "dev --port 0", "--port")]
    [TestCase("--id", "dev --keepalive 256", "--keepalive")]
    [TestCase("--id", "dev --password p", "--username")]
    [TestCase("--id", "dev --username u --password-file /does/not/exist", "--password-file")]
    [TestCase("--id", "dev --ca /does/not/exist", "--ca")]
    [TestCase("--id", "dev --reconnect --no-reconnect", "--reconnect")]
    public void Mistakes_are_named(string option, string rest, string expected)
    {
        Assert.That(Bind(option, rest, out var error), Is.Null);
        Assert.That(error, Does.Contain(expected));
    }

    [Test]
    public void Wrong_usage_exits_with_2()
    {
        using var errors = new StringWriter();
        var status = DeviceCommand.Create().Parse([]).Invoke(new InvocationConfiguration { Error = errors });

        Assert.That(status, Is.EqualTo((int)DeviceExitStatus.Usage));
        Assert.That(errors.ToString(), Does.Contain("--id"));
    }

    private static DeviceSettings? Bind(string option, string rest, out string? error)
    {
        var options = new DeviceOptions();
        var command = new Command("device");
        options.AddTo(command);
        var result = command.Parse([option, .. rest.Split(' ')]);
        Assert.That(result.Errors, Is.Empty);
        return options.TryBind(result, out var settings, out error) ? settings : null;
    }
}
