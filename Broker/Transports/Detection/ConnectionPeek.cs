using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Broker.Transports.Detection;

/// <summary>Looks at the first bytes of a connection and leaves them where they are.</summary>
internal sealed class ConnectionPeek(TimeProvider timeProvider)
{
    public async ValueTask<PeekOutcome> PeekAsync(ConnectionContext connection, TimeSpan timeout)
    {
        using var deadline = new ConnectionDeadline(connection, timeout, timeProvider);
        PipeReader input = connection.Transport.Input;
        string looksLike = "nothing";
        try
        {
            long examined = 0;
            while (true)
            {
                ReadResult result = await input.ReadAsync(deadline.Token);
                ReadOnlySequence<byte> buffer = result.Buffer;
                DetectedProtocol protocol = ProtocolDetector.Detect(buffer);
                if (protocol is not (DetectedProtocol.NeedMore or DetectedProtocol.Unknown))
                {
                    // a pipe does not let anyone take back what was examined before
                    input.AdvanceTo(buffer.Start, buffer.GetPosition(examined));
                    return new PeekOutcome(protocol, null);
                }
                looksLike = FirstBytes.Describe(buffer);
                examined = buffer.Length;
                input.AdvanceTo(buffer.Start, buffer.End);
                if (protocol == DetectedProtocol.Unknown || result.IsCompleted)
                {
                    return new PeekOutcome(protocol, looksLike);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return new PeekOutcome(DetectedProtocol.NeedMore, looksLike);
        }
    }
}
