using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Broker.Tests.Clients;

/// <summary>A private TCP device that is nothing but a socket: bytes out, bytes in, both written as hex.</summary>
internal sealed class RawDevice : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TcpClient _socket;
    private readonly Stream _stream;

    private RawDevice(TcpClient socket, Stream stream)
    {
        _socket = socket;
        _stream = stream;
    }

    public static async Task<RawDevice> OpenAsync(Endpoint endpoint)
    {
        TcpClient socket = new() { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", endpoint.Port);
        if (!endpoint.IsTls)
        {
            return new RawDevice(socket, socket.GetStream());
        }

        SslStream tls = new(socket.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(RunningBrokers.Certificates.AuthorityFile)) },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        });
        return new RawDevice(socket, tls);
    }

    public ValueTask SendAsync(string hex) => _stream.WriteAsync(Bytes(hex));

    /// <summary>As many bytes as the expected ones have, as hex in the same notation.</summary>
    public async Task<string> ReceiveAsync(string expected)
    {
        byte[] bytes = new byte[Bytes(expected).Length];
        int count = await _stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false).AsTask().WaitAsync(Patience);
        return string.Join(' ', bytes.Take(count).Select(b => b.ToString("x2")));
    }

    /// <summary>Waits until the broker has closed the connection; true if it sent nothing before.</summary>
    public async Task<bool> IsClosedSilentlyAsync()
    {
        try
        {
            return await _stream.ReadAsync(new byte[1]).AsTask().WaitAsync(Patience) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", ""));
}
