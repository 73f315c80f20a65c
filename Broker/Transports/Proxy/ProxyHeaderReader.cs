using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Broker.Transports.Proxy;

/// <summary>Takes a PROXY protocol header off the front of a connection.</summary>
internal sealed class ProxyHeaderReader(TimeProvider timeProvider)
{
    /// <summary>
    /// Reads the header. <see cref="ProxyHeaderStatus.NeedMore"/> means that it did not arrive whole in time.
    /// </summary>
    public async ValueTask<(ProxyHeaderStatus Status, ProxyHeader Header)> ReadAsync(ConnectionContext connection, TimeSpan timeout)
    {
        using var deadline = new ConnectionDeadline(connection, timeout, timeProvider);
        PipeReader input = connection.Transport.Input;
        try
        {
            while (true)
            {
                ReadResult result = await input.ReadAsync(deadline.Token);
                ProxyHeaderStatus status = ProxyHeader.TryRead(result.Buffer, out ProxyHeader header, out SequencePosition consumed);
                if (status == ProxyHeaderStatus.Done)
                {
                    input.AdvanceTo(consumed);
                    return (status, header);
                }
                input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                if (status == ProxyHeaderStatus.Malformed || result.IsCompleted)
                {
                    return (status, default);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return (ProxyHeaderStatus.NeedMore, default);
        }
    }
}
