using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;

namespace Broker.Cli.Device;

/// <summary>Connects over TCP, and TLS where asked to.</summary>
internal sealed class SocketDialer(DeviceSettings settings)
{
    public async ValueTask<IDeviceTransport> DialAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            await socket.ConnectAsync(settings.Host, settings.Port, cancellationToken);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (settings.Tls)
            {
                stream = await SecureAsync(stream, cancellationToken);
            }

            return new StreamTransport(stream);
        }
        catch (Exception fault)
        {
            await (stream?.DisposeAsync() ?? ValueTask.CompletedTask);
            socket.Dispose();
            if (fault is SocketException or AuthenticationException or CryptographicException)
            {
                throw new IOException(fault.Message, fault);
            }

            throw;
        }
    }

    private async ValueTask<Stream> SecureAsync(Stream stream, CancellationToken cancellationToken)
    {
        var tls = new SslStream(stream);
        await tls.AuthenticateAsClientAsync(
            ClientTls.Create(settings.Host, settings.CertificateAuthorityFile, settings.Insecure), cancellationToken);
        return tls;
    }
}
