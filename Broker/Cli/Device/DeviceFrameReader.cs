using System.Buffers;
using System.IO.Pipelines;
using Broker.Protocols.PrivateTcp;

namespace Broker.Cli.Device;

/// <summary>Reads frame after frame from a connection.</summary>
internal sealed class DeviceFrameReader(PipeReader input)
{
    /// <summary>The next frame; null when the broker has closed the connection.</summary>
    /// <exception cref="PrivateTcpProtocolException">What arrives is not the private TCP protocol.</exception>
    public async ValueTask<DeviceFrame?> ReadAsync(CancellationToken cancellationToken)
    {
        var needed = 1;
        while (true)
        {
            var result = await input.ReadAtLeastAsync(needed, cancellationToken);
            if (TryTake(result.Buffer, out var frame, out needed))
            {
                return frame;
            }

            if (result.IsCompleted)
            {
                return null;
            }
        }
    }

    private bool TryTake(ReadOnlySequence<byte> buffer, out DeviceFrame frame, out int needed)
    {
        var bytes = buffer.IsSingleSegment ? buffer.FirstSpan : buffer.ToArray();
        var status = PrivateFrame.TryRead(bytes, PrivateFrame.MaximumPayloadLength, out var read, out needed);
        if (status is not (FrameStatus.Done or FrameStatus.NeedMore))
        {
            PrivateTcpProtocolException.ThrowInvalidFrame(status, bytes[0]);
        }

        frame = new DeviceFrame(read.Type, read.Flags, read.Payload.ToArray());
        if (status == FrameStatus.Done)
        {
            input.AdvanceTo(buffer.GetPosition(read.Length));
            return true;
        }

        input.AdvanceTo(buffer.Start, buffer.End);
        return false;
    }
}
