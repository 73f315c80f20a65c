using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Broker.Tests.Infrastructure;

namespace Broker.Tests.Transports;

/// <summary>A client that sends and expects bytes; nothing it does may take longer than <see cref="Patience"/>.</summary>
internal sealed class RawClient : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Socket _socket;
    private Stream _stream;

    private RawClient(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket);
    }

    public string LocalEndPoint => _socket.LocalEndPoint!.ToString()!;

    public static async Task<RawClient> ConnectAsync(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(endPoint).WaitAsync(Patience);
        return new RawClient(socket);
    }

    /// <summary>Subject of the certificate that the broker has shown.</summary>
    public string? ServerSubject => (_stream as SslStream)?.RemoteCertificate?.Subject;

    public SslProtocols Version => (_stream as SslStream)?.SslProtocol ?? SslProtocols.None;

    /// <param name="certificate">The client's.</param>
    /// <param name="versions">TLS versions it offers.</param>
    /// <param name="serverName">The server it asks for (SNI), and whose certificate it expects.</param>
    /// <param name="chain">Certificates between the client's and its CA.</param>
    public async Task HandshakeAsync(
        X509Certificate2? certificate = null, SslProtocols versions = SslProtocols.None, string serverName = "localhost", X509Certificate2Collection? chain = null)
    {
        var tls = new SslStream(_stream);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = serverName,
            EnabledSslProtocols = versions,
            ApplicationProtocols = [new SslApplicationProtocol("mqtt")],
            ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, chain, offline: true),
            CertificateChainPolicy = TestCertificates.TrustOfClients,
        };
        await tls.AuthenticateAsClientAsync(options).WaitAsync(Patience);
        _stream = tls;
    }

    public async Task SendAsync(params byte[] bytes)
    {
        await _stream.WriteAsync(bytes).AsTask().WaitAsync(Patience);
        await _stream.FlushAsync();
    }

    public Task SendAsync(string text) => SendAsync(Encoding.ASCII.GetBytes(text));

    public async Task<byte[]> ReceiveAsync(int count)
    {
        byte[] bytes = new byte[count];
        await _stream.ReadExactlyAsync(bytes).AsTask().WaitAsync(Patience);
        return bytes;
    }

    public async Task<string> ReceiveLineAsync()
    {
        var line = new StringBuilder();
        while (await ReceiveAsync(1) is [not (byte)'\n' and var next])
        {
            line.Append((char)next);
        }
        return line.ToString();
    }

    /// <summary>The first line, or nothing when the broker closes before it is complete.</summary>
    public async Task<string> ReceiveToFirstLineOrEndAsync()
    {
        try
        {
            return await ReceiveLineAsync();
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>Everything until the broker closes; a reset counts as closed.</summary>
    public async Task<string> ReceiveToEndAsync()
    {
        using var received = new MemoryStream();
        try
        {
            await _stream.CopyToAsync(received).WaitAsync(Patience);
        }
        catch (IOException)
        {
        }
        return Encoding.ASCII.GetString(received.ToArray());
    }

    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }
}
