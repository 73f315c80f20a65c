using Broker.Core.Ports;
using Broker.Hosting;
using Broker.Hosting.Reloading;
using Broker.Observability;
using Broker.Primitives;
using Broker.Security;
using Broker.Security.Acl;
using Broker.Tests.Configuration;
using Broker.Tests.Infrastructure;
using Broker.Tests.Security.Acl;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace Broker.Tests.Hosting.Reloading;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FileReloaderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTimeProvider _time = new();
    private readonly LogLines _log = new();
    private readonly LoggerFactory _loggers;

    public FileReloaderTests() => _loggers = new LoggerFactory([_log]);

    public void Dispose()
    {
        _loggers.Dispose();
        _directory.Dispose();
        _log.Dispose();
    }

    [Test]
    public async Task A_changed_file_is_read_within_a_period_and_an_unchanged_one_is_not()
    {
        int read = 0;
        using FileReloader reloader = await StartAsync(new ReloadableFiles("file", [_directory.Write("a", "1")], () =>
        {
            read++;
            return null;
        }));

        _time.Advance(FileReloader.Period);
        Assert.That(read, Is.Zero);
        _directory.Write("a", "12");
        _time.Advance(FileReloader.Period);
        Assert.That(read, Is.EqualTo(1));
        _time.Advance(FileReloader.Period);
        Assert.That(read, Is.EqualTo(1));
    }

    [Test]
    public async Task A_file_behind_an_exchanged_link_has_changed()
    {
        int read = 0;
        _directory.Write("old", "1");
        _directory.Write("new", "1");
        string link = Path.Combine(_directory.Path, "link");
        File.CreateSymbolicLink(link, "old");
        using FileReloader reloader = await StartAsync(new ReloadableFiles("file", [link], () =>
        {
            read++;
            return null;
        }));

        File.Delete(link);
        File.CreateSymbolicLink(link, "new");
        _time.Advance(FileReloader.Period);

        Assert.That(read, Is.EqualTo(1));
    }

    [Test]
    public async Task A_broken_ACL_file_leaves_the_rules_in_force_and_is_logged_once()
    {
        string path = _directory.Write("acl", "allow publish a");
        AclAuthorizer authorizer = new(AclFile.Load(path).Rules, new BrokerMetrics(), _time, _loggers.CreateLogger<AclAuthorizer>());
        using FileReloader reloader = await StartAsync(
            new ReloadableFiles("ACL file", [path], () => SecurityServices.ReloadRules(path, authorizer)));

        _directory.Write("acl", "allow nonsense");
        _time.Advance(FileReloader.Period * 3);
        Assert.That(authorizer.Rules.MayPublish(Rules.Client(), "a"), Is.True);
        Assert.That(_log.Lines.Count(line => line.StartsWith("Error", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(_log.ToString(), Does.Contain("line 1: 'nonsense'"));

        _directory.Write("acl", "# changed\nallow publish b");
        _time.Advance(FileReloader.Period);
        Assert.That(authorizer.Rules.MayPublish(Rules.Client(), "a"), Is.False);
        Assert.That(authorizer.Rules.MayPublish(Rules.Client(), "b"), Is.True);
    }

    [Test]
    public async Task A_changed_password_file_counts_and_a_broken_one_does_not()
    {
        string path = _directory.Write("passwords", Line("one"));
        using PasswordFileAuthenticator authenticator = new(PasswordFile.Load(path));
        using FileReloader reloader = await StartAsync(
            new ReloadableFiles("password file", [path], () => SecurityServices.ReloadPasswords(path, authenticator)));

        _directory.Write("passwords", "nonsense");
        _time.Advance(FileReloader.Period);
        Assert.That(await LoginAsync(authenticator, "one"), Is.EqualTo(AuthenticationOutcome.Accepted));

        _directory.Write("passwords", Line("two"));
        _time.Advance(FileReloader.Period);
        Assert.That(await LoginAsync(authenticator, "one"), Is.EqualTo(AuthenticationOutcome.BadCredentials));
        Assert.That(await LoginAsync(authenticator, "two"), Is.EqualTo(AuthenticationOutcome.Accepted));
    }

    [Test]
    public async Task Everything_is_read_when_asked_for()
    {
        int read = 0;
        using FileReloader reloader = await StartAsync(new ReloadableFiles("file", [_directory.Write("a", "1")], () =>
        {
            read++;
            return null;
        }));

        reloader.Reload(evenUnchanged: true);

        Assert.That(read, Is.EqualTo(1));
    }

    private static string Line(string password) =>
        $"ann:{PasswordHash.Create(System.Text.Encoding.UTF8.GetBytes(password), 10 + password.Length)}\n";

    private static async Task<AuthenticationOutcome> LoginAsync(PasswordFileAuthenticator authenticator, string password) =>
        (await authenticator.AuthenticateAsync(
            new AuthenticationRequest
            {
                Protocol = ClientProtocol.Mqtt5,
                ClientId = "dev",
                Username = "ann",
                Password = System.Text.Encoding.UTF8.GetBytes(password),
                Listener = "mqtt",
            },
            default)).Outcome;

    private async Task<FileReloader> StartAsync(ReloadableFiles files)
    {
        FileReloader reloader = new([files], _time, _loggers.CreateLogger<FileReloader>());
        await reloader.StartAsync(default);
        return reloader;
    }
}
