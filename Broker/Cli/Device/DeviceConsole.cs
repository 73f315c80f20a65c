namespace Broker.Cli.Device;

/// <summary>Downlinks go to standard output, one a line; everything about the connection goes to standard error.</summary>
internal sealed class DeviceConsole(Stream output, TextWriter status, bool hex, bool quiet)
{
    /// <summary>Prints a downlink at once: a script may wait for it.</summary>
    public async ValueTask DownlinkAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        await output.WriteAsync(DeviceLine.Format(payload.Span, hex), cancellationToken);
        await output.FlushAsync(cancellationToken);
    }

    /// <summary>Says what happens; silent with --quiet.</summary>
    public void Status(string text)
    {
        if (!quiet)
        {
            status.WriteLine(text);
        }
    }

    /// <summary>Says what went wrong, --quiet or not.</summary>
    public void Error(string text) => status.WriteLine(text);
}
