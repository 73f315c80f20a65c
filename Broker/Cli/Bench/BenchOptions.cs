using System.CommandLine;
using System.Text;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Protocols.PrivateTcp;

namespace Broker.Cli.Bench;

/// <summary>The options of `broker bench`; what they mean together is checked here.</summary>
internal sealed class BenchOptions
{
    private readonly Argument<string> _scenario = new("SCENARIO")
    {
        Description = "fan-in, fan-out, pairs, connect, gateway, gateway-down or offline.",
    };

    private readonly Option<string> _host = new("--host") { Description = "Broker's host.", DefaultValueFactory = _ => "127.0.0.1" };
    private readonly Option<int> _port = new("--port") { Description = "Port for MQTT.", DefaultValueFactory = _ => 1883 };
    private readonly Option<int> _gatewayPort = new("--gateway-port") { Description = "Port for devices.", DefaultValueFactory = _ => 8090 };
    private readonly Option<bool> _tls = new("--tls") { Description = "Connect with TLS." };
    private readonly Option<string?> _ca = new("--ca") { Description = "PEM file of the certificate authority to trust; implies --tls." };
    private readonly Option<bool> _insecure = new("--insecure") { Description = "Accept any certificate; implies --tls." };
    private readonly Option<string?> _username = new("--username") { Description = "Username of all clients." };
    private readonly Option<string?> _password = new("--password") { Description = "Password; other users of this machine may see it." };
    private readonly Option<int> _mqtt = new("--mqtt") { Description = "Protocol version, 4 (3.1.1) or 5.", DefaultValueFactory = _ => 4 };
    private readonly Option<int> _clients = new("--clients") { Description = "The many side of the scenario.", DefaultValueFactory = _ => 50 };
    private readonly Option<double> _rate = new("--rate")
    {
        Description = "Messages per second of all senders together; 0 is a flood that keeps a window of undelivered messages.",
    };

    private readonly Option<double> _duration = new("--duration")
    {
        Description = "Seconds of sending; with connect, of staying.",
        DefaultValueFactory = _ => 10,
    };

    private readonly Option<int> _count = new("--count") { Description = "Messages per topic, instead of a duration." };
    private readonly Option<double> _warmUp = new("--warm-up")
    {
        Description = "Seconds of the same load beforehand that are not measured.",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<int> _qos = new("--qos") { Description = "QoS of publishes and subscriptions." };
    private readonly Option<int> _size = new("--size") { Description = "Bytes of payload, 20 at least.", DefaultValueFactory = _ => 64 };
    private readonly Option<int> _window = new("--window")
    {
        Description = "Undelivered messages per topic in a flood, and unacknowledged ones per publisher. Default: by the number of clients.",
    };

    private readonly Option<bool> _subscribe = new("--subscribe") { Description = "With connect: a subscription each." };
    private readonly Option<int> _concurrency = new("--concurrency")
    {
        Description = "Connections that are being made at a time.",
        DefaultValueFactory = _ => 50,
    };

    private readonly Option<int> _threads = new("--threads") { Description = "Threads that send and receive.", DefaultValueFactory = _ => 1 };
    private readonly Option<double> _patience = new("--patience")
    {
        Description = "Seconds without progress after which the rest is lost.",
        DefaultValueFactory = _ => 5,
    };

    private readonly Option<int> _pid = new("--pid") { Description = "Process of the broker on this machine: reads its CPU time and memory." };
    private readonly Option<bool> _json = new("--json") { Description = "Report as one line of JSON." };
    private readonly Option<string> _uplink = new("--uplink")
    {
        Description = "Topic of uplinks; %c is the ClientId, %u the Username.",
        DefaultValueFactory = _ => "tcp/%c/up",
    };

    private readonly Option<string> _downlink = new("--downlink")
    {
        Description = "Topic of downlinks.",
        DefaultValueFactory = _ => "tcp/%c/dn",
    };

    /// <summary>Makes the command know the options.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(_scenario);
        Option[] options =
        [
            _host, _port, _gatewayPort, _tls, _ca, _insecure, _username, _password, _mqtt, _clients, _rate, _duration, _count, _warmUp, _qos,
            _size, _window, _subscribe, _concurrency, _threads, _patience, _pid, _json, _uplink, _downlink,
        ];
        foreach (var option in options)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Checks the values and puts them together.</summary>
    public bool TryBind(ParseResult result, out BenchPlan plan, out string? error)
    {
        plan = null!;
        error = Check(result);
        if (error is null)
        {
            plan = Bind(result);
        }

        return error is null;
    }

    private string? Check(ParseResult result) => result switch
    {
        _ when ScenarioOf(result) is null => "SCENARIO must be fan-in, fan-out, pairs, connect, gateway, gateway-down or offline.",
        _ when result.GetValue(_port) is < 1 or > 65535 => "--port must be 1 to 65535.",
        _ when result.GetValue(_gatewayPort) is < 1 or > 65535 => "--gateway-port must be 1 to 65535.",
        _ when result.GetValue(_mqtt) is not (4 or 5) => "--mqtt must be 4 or 5.",
        _ when result.GetValue(_clients) is < 1 or > 1_000_000 => "--clients must be 1 to 1000000.",
        _ when result.GetValue(_rate) is < 0 or > 10_000_000 => "--rate must be 0 to 10000000.",
        _ when result.GetValue(_duration) is not (> 0 and <= 1_000_000) => "--duration must be above 0.",
        _ when result.GetValue(_warmUp) is not (>= 0 and <= 1_000_000) => "--warm-up must not be negative.",
        _ when result.GetValue(_patience) is not (> 0 and <= 1_000_000) => "--patience must be above 0.",
        _ when result.GetValue(_count) < 0 => "--count must not be negative.",
        _ when result.GetValue(_qos) is < 0 or > 2 => "--qos must be 0, 1 or 2.",
        _ when ScenarioOf(result) == BenchScenario.Offline && result.GetValue(_qos) == 0 => "offline needs --qos 1 or 2: QoS 0 is not acknowledged.",
        _ when result.GetValue(_window) is < 0 or > 65535 => "--window must be 0 to 65535.",
        _ when result.GetValue(_concurrency) is < 1 or > 10_000 => "--concurrency must be 1 to 10000.",
        _ when result.GetValue(_threads) is < 1 or > 64 => "--threads must be 1 to 64.",
        _ when result.GetValue(_pid) < 0 => "--pid must not be negative.",
        _ when result.GetValue(_password) is not null && result.GetValue(_username) is null => "--password needs --username.",
        _ when result.GetValue(_ca) is { } file && !File.Exists(file) => $"--ca: {file} does not exist.",
        _ => CheckSize(result),
    };

    private string? CheckSize(ParseResult result)
    {
        var isGateway = ScenarioOf(result) is BenchScenario.Gateway or BenchScenario.GatewayDown;
        var most = isGateway ? PrivateFrame.MaximumPayloadLength : 64 * 1024 * 1024;
        return result.GetValue(_size) is var size && size >= BenchPlan.MinimumPayloadBytes && size <= most
            ? null
            : $"--size must be {BenchPlan.MinimumPayloadBytes} to {most}.";
    }

    private BenchScenario? ScenarioOf(ParseResult result)
    {
        foreach (var scenario in Enum.GetValues<BenchScenario>())
        {
            if (BenchReport.NameOf(scenario) == result.GetValue(_scenario))
            {
                return scenario;
            }
        }

        return null;
    }

    private BenchPlan Bind(ParseResult result) => new()
    {
        Scenario = ScenarioOf(result)!.Value,
        Host = result.GetValue(_host)!,
        Port = result.GetValue(_port),
        GatewayPort = result.GetValue(_gatewayPort),
        Tls = result.GetValue(_tls) || result.GetValue(_insecure) || result.GetValue(_ca) is not null
            ? new LoadTls(result.GetValue(_ca), result.GetValue(_insecure))
            : null,
        Username = result.GetValue(_username),
        Password = result.GetValue(_password) is { } password ? Encoding.UTF8.GetBytes(password) : null,
        Version = (MqttVersion)result.GetValue(_mqtt),
        Clients = result.GetValue(_clients),
        Rate = result.GetValue(_rate),
        DurationSeconds = result.GetValue(_duration),
        Count = result.GetValue(_count),
        WarmUpSeconds = result.GetValue(_warmUp),
        Qos = (Qos)result.GetValue(_qos),
        PayloadBytes = result.GetValue(_size),
        Window = result.GetValue(_window),
        Subscribe = result.GetValue(_subscribe),
        Concurrency = result.GetValue(_concurrency),
        Threads = result.GetValue(_threads),
        PatienceSeconds = result.GetValue(_patience),
        ProcessId = result.GetValue(_pid),
        Json = result.GetValue(_json),
        UplinkTopic = result.GetValue(_uplink)!,
        DownlinkTopic = result.GetValue(_downlink)!,
    };
}
