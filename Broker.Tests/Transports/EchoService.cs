using System.Text;
using Broker.Transports;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Broker.Tests.Transports;

/// <summary>A toy protocol: greets with its name, the peer and the peer's certificate, then sends back what it gets.</summary>
internal sealed class EchoService(string name) : IConnectionService
{
    public async Task ServeAsync(ConnectionContext connection, ListenerContext listener)
    {
        string? certificate = connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate?.Subject;
        string greeting = $"{name} on {listener.Name}, peer {connection.RemoteEndPoint}, certificate {certificate ?? "none"}\n";
        await connection.Transport.Output.WriteAsync(Encoding.ASCII.GetBytes(greeting));
        CancellationToken stopping = connection.Features.GetRequiredFeature<IConnectionLifetimeNotificationFeature>().ConnectionClosedRequested;
        try
        {
            await connection.Transport.Input.CopyToAsync(connection.Transport.Output, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await connection.Transport.Output.WriteAsync("bye\n"u8.ToArray());
        }
        catch (IOException)
        {
        }
    }
}
