using System.Buffers;
using System.Net;
using System.Text;
using Broker.Cli;
using Broker.Configuration.Loading;
using Broker.Core;
using Broker.Hosting;
using Broker.Hosting.Reloading;
using Broker.Protocols.Mqtt;
using Broker.Tests.Configuration;
using Broker.Tests.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Broker.Tests.Infrastructure;

/// <summary>The whole broker as `broker serve` runs it, on loopback, from settings as they are given to `--set`.</summary>
internal sealed class ServedBroker : IAsyncDisposable
{
    /// <summary>A plain MQTT listener on a port that the system chooses.</summary>
    public static readonly string[] PlainListener = ["Listeners:mqtt:Address=127.0.0.1", "Listeners:mqtt:Port=0"];

    private readonly BrokerHost _host;
    private readonly TemporaryDirectory _directory;

    private ServedBroker(BrokerHost host, TemporaryDirectory directory, LogLines log)
    {
        _host = host;
        _directory = directory;
        Log = log;
    }

    /// <summary>What is logged, from Debug on.</summary>
    public LogLines Log { get; }

    public MessageBroker Broker => _host.Services.GetRequiredService<MessageBroker>();

    public static Task<ServedBroker> StartAsync(params string[] settings) => StartAsync(settings, json: null);

    /// <param name="settings">As for `--set`.</param>
    /// <param name="json">Content of the configuration file; null for none.</param>
    public static async Task<ServedBroker> StartAsync(string[] settings, string? json)
    {
        var directory = new TemporaryDirectory();
        using var errors = new StringWriter();
        var inputs = new ConfigurationInputs
        {
            WorkingDirectory = directory.Path,
            ConfigFile = json is null ? null : directory.Write("broker.json", json),
            Settings = ["Admin:Port=0", $"Storage:DataDirectory={Path.Combine(directory.Path, "data")}", .. settings],
        };
        ServeSettings loaded = StartConfiguration.Load(inputs, errors) ?? throw new InvalidOperationException(errors.ToString());
        var log = new LogLines();
        BrokerHostSetup setup = BrokerServer.Setup(loaded, logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(log));
        BrokerHost host = BrokerHost.TryCreate(setup, out IReadOnlyList<ListenerFailure> failures)
            ?? throw new InvalidOperationException(string.Join('\n', failures));
        await host.StartAsync(CancellationToken.None);
        return new ServedBroker(host, directory, log);
    }

    public static byte[] ConnectPacket(string clientId, string? user = null, string? password = null, Action<ConnectPacket>? change = null)
    {
        var packet = new ConnectPacket
        {
            Version = MqttVersion.V311,
            ClientId = clientId,
            CleanStart = true,
            Username = user,
            Password = password is null ? null : Encoding.UTF8.GetBytes(password),
        };
        change?.Invoke(packet);
        var output = new ArrayBufferWriter<byte>();
        MqttWriter.WriteConnect(output, packet);
        return output.WrittenSpan.ToArray();
    }

    public Task<RawClient> OpenAsync(string listener = "mqtt") => RawClient.ConnectAsync(new IPEndPoint(IPAddress.Loopback, PortOf(listener)));

    public int PortOf(string listener) => _host.Listeners.Single(each => each.Context.Name == listener).EndPoints[0].Port;

    /// <summary>Logs in with MQTT 3.1.1; says the return code, and whom the broker takes the client for.</summary>
    public async Task<string> LoginAsync(string? user, string? password, string listener = "mqtt", string clientId = "dev")
    {
        using RawClient client = await OpenAsync(listener);
        await client.SendAsync(ConnectPacket(clientId, user, password));
        byte[] answer = await client.ReceiveAsync(4);
        return answer[3] == 0 ? $"00 {Broker.Sessions.Find(clientId)?.Identity.Username ?? "nobody"}" : $"{answer[3]:x2}";
    }

    /// <summary>Reads all files again, as on SIGHUP.</summary>
    public void Reload() => _host.Services.GetServices<IHostedService>().OfType<FileReloader>().Single().Reload(evenUnchanged: true);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        await _host.DisposeAsync();
        _directory.Dispose();
    }
}
