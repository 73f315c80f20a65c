using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Broker.Cli.Bench;

/// <summary>Opens the load's connections, with TLS where asked to.</summary>
internal sealed class LoadDialer(string host, LoadTls? tls)
{
    private readonly SslClientAuthenticationOptions? _options =
        tls is null ? null : ClientTls.Create(host, tls.CertificateAuthorityFile, tls.Insecure);

    /// <exception cref="IOException">The connection cannot be made.</exception>
    public async Task<Stream> DialAsync(int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, cancellationToken);
            var stream = new NetworkStream(socket, ownsSocket: true);
            if (_options is null)
            {
                return stream;
            }

            var secured = new SslStream(stream);
            await secured.AuthenticateAsClientAsync(_options, cancellationToken);
            return secured;
        }
        catch (Exception error)
        {
            socket.Dispose();
            throw error is SocketException or AuthenticationException ? new IOException(error.Message, error) : error;
        }
    }
}
