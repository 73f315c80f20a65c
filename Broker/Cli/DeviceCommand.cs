using System.CommandLine;
using System.Threading.Channels;
using Broker.Cli.Device;

namespace Broker.Cli;

/// <summary>`broker device`: a private-TCP device for trying things out and for scripts.</summary>
internal static class DeviceCommand
{
    private const int UplinksRead = 256;

    private const string Description = """
        A private-TCP device: sends each line of standard input as an uplink and prints each downlink as a line.
        At the end of standard input it makes sure that the broker has read everything, sends DISCONNECT and exits.
        Ctrl-C or SIGTERM ends it at once, with DISCONNECT and status 0 where it is connected.

        Exit status: 0 everything delivered; 1 cannot connect; 2 wrong usage or lines that cannot be sent;
        3 authentication refused; 4 protocol refused; 5 connection lost.
        """;

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var options = new DeviceOptions();
        var command = new Command("device", Description);
        options.AddTo(command);
        command.SetAction((result, cancellationToken) => RunAsync(options, result, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(DeviceOptions options, ParseResult result, CancellationToken cancellationToken)
    {
        if (!options.TryBind(result, out var settings, out var error))
        {
            await result.InvocationConfiguration.Error.WriteLineAsync(error);
            return (int)DeviceExitStatus.Usage;
        }

        using var interruption = new Interruption(cancellationToken);
        var console = new DeviceConsole(
            Console.OpenStandardOutput(), result.InvocationConfiguration.Error, settings.Hex, settings.Quiet);
        var reader = new UplinkReader(Console.OpenStandardInput(), settings.Hex, console);
        var uplinks = Channel.CreateBounded<byte[]>(UplinksRead);

        // Not awaited: a read from a terminal cannot be cancelled, and the process may end before it.
        _ = Task.Run(() => reader.ReadAsync(uplinks.Writer, CancellationToken.None), CancellationToken.None);
        var runner = new DeviceRunner(settings, new SocketDialer(settings).DialAsync, console, TimeProvider.System);
        var status = await runner.RunAsync(uplinks.Reader, interruption.Token);
        return (int)(status == DeviceExitStatus.Ok && reader.HasRefusedLines ? DeviceExitStatus.Usage : status);
    }
}
