using System.CommandLine;
using System.Globalization;
using Broker.Cli.Bench;
using Broker.Cli.Crashtest.Child;

namespace Broker.Cli.Crashtest;

/// <summary>The options of `broker crashtest`; what they mean together is checked here.</summary>
internal sealed class CrashtestOptions
{
    private const int MostPayloadBytes = 1024 * 1024;
    private const int MostMilliseconds = 3_600_000;

    private static readonly CrashtestPlan Default = new() { Broker = BrokerCommand.OfThisProgram(null) };

    private readonly Option<int> _rounds = new("--rounds")
    {
        Description = "Kills. With 0 the clients work once for as long as --kill-after-ms says, and nothing is killed.",
        DefaultValueFactory = _ => Default.Rounds,
    };

    private readonly Option<int?> _seed = new("--seed") { Description = "Repeats the choices of a run that printed it. Default: by chance." };
    private readonly Option<int> _publishers = new("--publishers")
    {
        Description = "Publishers, with two topics and two retained topics each.",
        DefaultValueFactory = _ => Default.Publishers,
    };

    private readonly Option<int> _subscribers = new("--subscribers")
    {
        Description = "Persistent subscribers; every other one comes and goes.",
        DefaultValueFactory = _ => Default.Subscribers,
    };

    private readonly Option<int> _payload = new("--payload") { Description = "Bytes of payload, 20 at least.", DefaultValueFactory = _ => Default.PayloadBytes };
    private readonly Option<double> _rate = new("--rate")
    {
        Description = "Messages per second of all publishers together, as far as acknowledgements keep up.",
        DefaultValueFactory = _ => Default.Rate,
    };

    private readonly Option<int> _window = new("--window") { Description = "Unacknowledged messages of each publisher.", DefaultValueFactory = _ => Default.Window };
    private readonly Option<string> _killAfter = new("--kill-after-ms")
    {
        Description = "Milliseconds from the clients' first CONNECT to the kill.",
        HelpName = "MIN-MAX",
        DefaultValueFactory = _ => $"{Default.KillAfterLeast}-{Default.KillAfterMost}",
    };

    private readonly Option<string> _signal = new("--signal") { Description = "kill (SIGKILL) or term (SIGTERM).", DefaultValueFactory = _ => "kill" };
    private readonly Option<double> _patience = new("--patience")
    {
        Description = "Seconds without progress after which what is missing is lost.",
        DefaultValueFactory = _ => Default.PatienceSeconds,
    };

    private readonly Option<string?> _dataDirectory = new("--data-directory")
    {
        Description = "The broker's data directory, which is kept. Default: a temporary one, kept unless the run is clean.",
        HelpName = "DIRECTORY",
    };

    private readonly Option<string?> _broker = new("--broker")
    {
        Description = "Tests another broker: its command line, where {port} and {directory} are filled in. Default: this program.",
        HelpName = "COMMAND",
    };

    private readonly Option<string?> _durability = new("--durability")
    {
        Description = "Storage:Durability of this program's `serve`: sync, interval or memory. Default: sync.",
        HelpName = "CLASS",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Report as one line of JSON." };

    /// <summary>Makes the command know the options.</summary>
    public void AddTo(Command command)
    {
        Option[] options =
        [
            _rounds, _seed, _publishers, _subscribers, _payload, _rate, _window, _killAfter, _signal, _patience, _dataDirectory, _broker, _durability,
            _json,
        ];
        foreach (var option in options)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Checks the values and puts them together.</summary>
    public bool TryBind(ParseResult result, out CrashtestPlan plan, out string? error)
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
        _ when result.GetValue(_rounds) is < 0 or > 10_000 => "--rounds must be 0 to 10000.",
        _ when result.GetValue(_publishers) is < 1 or > 1000 => "--publishers must be 1 to 1000.",
        _ when result.GetValue(_subscribers) is < 1 or > 1000 => "--subscribers must be 1 to 1000.",
        _ when result.GetValue(_payload) is < MessageStamp.Size or > MostPayloadBytes => $"--payload must be {MessageStamp.Size} to {MostPayloadBytes}.",
        _ when result.GetValue(_rate) is not (> 0 and <= 10_000_000) => "--rate must be above 0.",
        _ when result.GetValue(_window) is < 1 or > 10_000 => "--window must be 1 to 10000.",
        _ when KillAfterOf(result) is null => $"--kill-after-ms must be MIN-MAX, milliseconds from 0 to {MostMilliseconds}.",
        _ when SignalOf(result) is null => "--signal must be kill or term.",
        _ when result.GetValue(_patience) is not (> 0 and <= 1_000_000) => "--patience must be above 0.",
        _ when result.GetValue(_broker) is { } template && BrokerCommand.Parse(template) is null => "--broker must be a command line with {port} in it.",
        _ when result.GetValue(_broker) is not null && result.GetValue(_durability) is not null => "--durability is for this program, not for --broker.",
        _ => null,
    };

    private (int Least, int Most)? KillAfterOf(ParseResult result)
    {
        var parts = result.GetValue(_killAfter)!.Split('-');
        return parts.Length == 2 && TryParse(parts[0], out var least) && TryParse(parts[1], out var most) && least <= most ? (least, most) : null;
    }

    private StopSignal? SignalOf(ParseResult result) => result.GetValue(_signal) switch
    {
        "kill" => StopSignal.Kill,
        "term" => StopSignal.Terminate,
        _ => null,
    };

    private CrashtestPlan Bind(ParseResult result) => new()
    {
        Broker = result.GetValue(_broker) is { } template
            ? BrokerCommand.Parse(template)!
            : BrokerCommand.OfThisProgram(result.GetValue(_durability)),
        Rounds = result.GetValue(_rounds),
        Seed = result.GetValue(_seed) ?? Random.Shared.Next(),
        Publishers = result.GetValue(_publishers),
        Subscribers = result.GetValue(_subscribers),
        PayloadBytes = result.GetValue(_payload),
        Rate = result.GetValue(_rate),
        Window = result.GetValue(_window),
        KillAfterLeast = KillAfterOf(result)!.Value.Least,
        KillAfterMost = KillAfterOf(result)!.Value.Most,
        Signal = SignalOf(result)!.Value,
        PatienceSeconds = result.GetValue(_patience),
        DataDirectory = result.GetValue(_dataDirectory),
        Json = result.GetValue(_json),
    };

    private static bool TryParse(string text, out int milliseconds) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out milliseconds) && milliseconds <= MostMilliseconds;
}
