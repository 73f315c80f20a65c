using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Broker.Cli.Bench;
using Broker.Configuration;

namespace Broker.Benchmarks.Attacks;

/// <summary>The broker under attack: a process of its own on free loopback ports, configured as a careful operator would.</summary>
internal sealed partial class HardenedBroker : IDisposable
{
    private static readonly string[] Listeners = ["mqtt", "tls", "ws", "device", "proxied", "balanced"];

    private readonly Process _process;
    private readonly Dictionary<string, int> _ports = new(StringComparer.Ordinal);

    private HardenedBroker(Process process) => _process = process;

    /// <summary>Ports by listener.</summary>
    public IReadOnlyDictionary<string, int> Ports => _ports;

    /// <summary>False once the process has ended.</summary>
    public bool IsRunning => !_process.HasExited;

    /// <summary>Resident memory in MiB.</summary>
    public double ResidentMebibytes => BrokerUsage.Read(_process.Id) is { } usage ? usage.ResidentKib / 1024.0 : 0;

    /// <summary>CPU time so far in seconds.</summary>
    public double CpuSeconds => BrokerUsage.Read(_process.Id)?.CpuSeconds ?? 0;

    /// <summary>What an operator would set against strangers and against clients that take too much.</summary>
    public static IEnumerable<string> Settings(AttackFiles files) =>
    [
        .. Listener("mqtt", "Mqtt", "MaxConnectionsPerSecond=2000"),
        .. Listener("tls", "Mqtt", $"Tls:CertificateFile={files.CertificateFile}", $"Tls:KeyFile={files.CertificateKeyFile}"),
        .. Listener("ws", "WebSocket"),
        .. Listener("device", "PrivateTcp"),
        .. Listener("proxied", "Mqtt", "ProxyProtocol=true", "ProxyProtocolTrustedPeers=10.0.0.0/8"),
        .. Listener("balanced", "Mqtt", "ProxyProtocol=true", "ProxyProtocolTrustedPeers=127.0.0.0/8"),
        "Admin:Port=0",
        $"Authentication:PasswordFile={files.PasswordFile}",
        $"Authorization:AclFile={files.AclFile}",
        "Limits:MessagesPerSecond=500", "Limits:BytesPerSecond=1048576", "Limits:MaximumSubscriptions=100", "Limits:MaximumTopicBytes=256",
        "Limits:MaximumRetainedMessages=100", "Limits:MaximumRetainedBytes=1048576", "Limits:MaximumQueuedMessages=1000",
        "Retained:MaximumMessages=10000", "Retained:MaximumBytes=67108864", "Admission:ConnectsPerSecond=1000",
    ];

    /// <summary>Starts it and waits until it listens.</summary>
    public static HardenedBroker Start(string? path, AttackFiles files, IEnumerable<string> settings)
    {
        path ??= typeof(BrokerOptions).Assembly.Location;
        string[] program = path.EndsWith(".dll", StringComparison.Ordinal) ? ["dotnet", path] : [path];
        var start = new ProcessStartInfo(
            program[0],
            [.. program[1..], "serve", "--data-directory", Path.Combine(files.Directory, "data"), .. settings.SelectMany(each => new[] { "--set", each })])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = files.Directory,
        };
        var broker = new HardenedBroker(Process.Start(start)!);
        broker.WaitUntilListening();
        _ = broker._process.StandardOutput.BaseStream.CopyToAsync(File.Create(Path.Combine(files.Directory, "log")));
        return broker;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static IEnumerable<string> Listener(string name, string protocol, params string[] more) =>
        new[] { $"Protocol={protocol}", "Address=127.0.0.1", "Port=0" }.Concat(more).Select(each => $"Listeners:{name}:{each}");

    private void WaitUntilListening()
    {
        while (_ports.Count < Listeners.Length)
        {
            var line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The broker has not started.");
            if (ListeningLine().Match(line) is { Success: true, Groups: var groups })
            {
                _ports[groups["name"].Value] = int.Parse(groups["port"].ValueSpan, CultureInfo.InvariantCulture);
            }
        }
    }

    [GeneratedRegex(@"Listening: (?<name>\S+) \([^)]*\) on [^ ,]*:(?<port>\d+)")]
    private static partial Regex ListeningLine();
}
