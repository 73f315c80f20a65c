using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Threading.Channels;

namespace Broker.Cli.Device;

/// <summary>Turns the lines of standard input into uplinks. A line that cannot be sent is reported, skipped and remembered.</summary>
internal sealed class UplinkReader(Stream input, bool hex, DeviceConsole console)
{
    // Hex with blanks takes three characters a byte; a line beyond this can never be sent.
    private const int MaximumLineLength = 256 * 1024;

    private int _lines;

    /// <summary>True when a line could not be sent.</summary>
    public bool HasRefusedLines { get; private set; }

    /// <summary>Reads to the end of the input and completes the channel.</summary>
    public async Task ReadAsync(ChannelWriter<byte[]> uplinks, CancellationToken cancellationToken)
    {
        try
        {
            var reader = PipeReader.Create(input);
            while (await ReadLinesAsync(reader, uplinks, cancellationToken))
            {
            }

            uplinks.Complete();
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException)
        {
            uplinks.TryComplete();
        }
    }

    private async ValueTask<bool> ReadLinesAsync(PipeReader reader, ChannelWriter<byte[]> uplinks, CancellationToken cancellationToken)
    {
        var result = await reader.ReadAsync(cancellationToken);
        var rest = result.Buffer;
        while (rest.PositionOf((byte)'\n') is { } end)
        {
            await WriteAsync(rest.Slice(0, end).ToArray(), uplinks, cancellationToken);
            rest = rest.Slice(rest.GetPosition(1, end));
        }

        if (rest.Length > MaximumLineLength)
        {
            Refuse("too long, reading stops here");
            return false;
        }

        if (result.IsCompleted && !rest.IsEmpty)
        {
            await WriteAsync(rest.ToArray(), uplinks, cancellationToken);
        }

        reader.AdvanceTo(rest.Start, rest.End);
        return !result.IsCompleted;
    }

    private async ValueTask WriteAsync(byte[] line, ChannelWriter<byte[]> uplinks, CancellationToken cancellationToken)
    {
        if (DeviceLine.TryParse(line, hex, out var payload, out var error))
        {
            _lines++;
            await uplinks.WriteAsync(payload, cancellationToken);
        }
        else
        {
            Refuse(error!);
        }
    }

    private void Refuse(string why)
    {
        _lines++;
        HasRefusedLines = true;
        console.Error(string.Create(CultureInfo.InvariantCulture, $"Line {_lines} is not sent: {why}."));
    }
}
