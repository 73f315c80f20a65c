using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Broker.Configuration;

namespace Broker.Tests.Clients;

/// <summary>The broker as its users run it: a process of its own, on free loopback ports, ready when its log says so.</summary>
internal sealed partial class BrokerProcess : IAsyncDisposable
{
    private readonly string[] _arguments;
    private readonly (string Name, string Value)[] _environment;
    private readonly Dictionary<string, int> _ports = new(StringComparer.Ordinal);

    private readonly DirectoryInfo _data;
    private ToolProcess _process;

    private BrokerProcess(IEnumerable<string> settings, (string Name, string Value)[] environment)
    {
        _data = Directory.CreateTempSubdirectory("broker-test-");
        _arguments =
        [
            typeof(BrokerOptions).Assembly.Location, "serve", "--data-directory", _data.FullName, .. settings.SelectMany(setting => new[] { "--set", setting }),
        ];
        _environment = environment;
        _process = Run();
    }

    public string Log => _process.Output;

    /// <summary>Starts a broker and waits until each of the listeners is open.</summary>
    public static async Task<BrokerProcess> StartAsync(
        IEnumerable<string> listeners, IEnumerable<string> settings, params (string Name, string Value)[] environment)
    {
        BrokerProcess broker = new(settings, environment);
        await broker.ListenAsync(listeners);
        return broker;
    }

    /// <summary>Settings of one listener on a port that the system chooses.</summary>
    public static IEnumerable<string> Listener(string name, string protocol, params string[] more) =>
        new[] { $"Protocol={protocol}", "Address=127.0.0.1", "Port=0" }.Concat(more).Select(setting => $"Listeners:{name}:{setting}");

    /// <summary>A port that was free a moment ago, for what cannot be told to choose one.</summary>
    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public int Port(string listener) => _ports[listener];

    /// <summary>Asks the broker to end, as an init system does, and returns its exit status.</summary>
    public Task<int> StopAsync()
    {
        _process.Terminate();
        return _process.ExitAsync();
    }

    /// <summary>Ends the process as a power cut would, and starts the next one on its data directory. The listeners have other ports then.</summary>
    public async Task KillAndRestartAsync()
    {
        await _process.KillAsync();
        _process.Dispose();
        _process = Run();
        await ListenAsync([.. _ports.Keys]);
    }

    /// <summary>Sends SIGHUP and waits until the log says of each of the files that it was read again.</summary>
    public async Task ReloadAsync(params string[] files)
    {
        _process.Signal("HUP");
        foreach (string file in files)
        {
            await _process.LineAsync(line => line.Contains($"Read again: {file}", StringComparison.Ordinal));
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync();
        }
        finally
        {
            _process.Dispose();
            _data.Delete(recursive: true);
        }
    }

    private ToolProcess Run() => ToolProcess.Start("dotnet", _arguments, _environment);

    private async Task ListenAsync(IEnumerable<string> listeners)
    {
        foreach (string listener in listeners)
        {
            _ports[listener] = await PortFromLogAsync(listener);
        }
    }

    private async Task<int> PortFromLogAsync(string listener)
    {
        string line = await _process.LineAsync(text => ListeningLine().Match(text) is { Success: true } match && match.Groups["name"].Value == listener);
        return int.Parse(ListeningLine().Match(line).Groups["port"].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"Listening: (?<name>\S+) \([^)]*\) on [^ ,]*:(?<port>\d+)")]
    private static partial Regex ListeningLine();
}
