using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Broker.Primitives;
using Broker.Protocols.Mqtt;

namespace Broker.Tests.Clients;

/// <summary>An MQTT 5.0 client on a real socket: says the reason code of what it is answered.</summary>
internal sealed class SocketMqttClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TcpClient _socket;
    private readonly Stream _stream;
    private readonly byte[] _received = new byte[1024];
    private int _length;

    private SocketMqttClient(TcpClient socket, Stream stream)
    {
        _socket = socket;
        _stream = stream;
    }

    /// <summary>Opens a connection, with TLS where an authority to trust is given.</summary>
    public static async Task<SocketMqttClient> OpenAsync(int port, string? authorityFile = null)
    {
        TcpClient socket = new() { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", port);
        if (authorityFile is null)
        {
            return new SocketMqttClient(socket, socket.GetStream());
        }

        X509ChainPolicy trust = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(authorityFile) },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        SslStream tls = new(socket.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = trust });
        return new SocketMqttClient(socket, tls);
    }

    public Task<ReasonCode> ConnectAsync(string clientId, string user, string password)
    {
        ArrayBufferWriter<byte> output = new();
        MqttWriter.WriteConnect(output, new ConnectPacket
        {
            ClientId = clientId,
            CleanStart = true,
            Username = user,
            Password = Encoding.UTF8.GetBytes(password),
        });
        return ExchangeAsync(output.WrittenMemory);
    }

    /// <summary>Publishes at QoS 1.</summary>
    public Task<ReasonCode> PublishAsync(string topic)
    {
        byte[] name = Encoding.UTF8.GetBytes(topic);
        byte[] packet = new byte[MqttWriter.PublishSize(MqttVersion.V5, name.Length, 0, 1, Qos.AtLeastOnce)];
        MqttWriter.WritePublish(packet, MqttVersion.V5, name, "x"u8, default, Qos.AtLeastOnce, false, false, 1, null, 0, default, out _);
        return ExchangeAsync(packet);
    }

    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }

    private async Task<ReasonCode> ExchangeAsync(ReadOnlyMemory<byte> packet)
    {
        await _stream.WriteAsync(packet).AsTask().WaitAsync(Patience);
        while (true)
        {
            if (TryTake(out ReasonCode code))
            {
                return code;
            }

            int count = await _stream.ReadAsync(_received.AsMemory(_length)).AsTask().WaitAsync(Patience);
            _length += count > 0 ? count : throw new IOException("The broker has closed the connection.");
        }
    }

    private bool TryTake(out ReasonCode code)
    {
        code = default;
        if (MqttFrame.TryRead(_received.AsSpan(0, _length), int.MaxValue, out MqttFrame frame, out _) != FrameStatus.Done)
        {
            return false;
        }

        code = frame.Type == PacketType.ConnAck
            ? ConnAckPacket.Read(frame, MqttVersion.V5).ReasonCode
            : AckPacket.Read(frame, MqttVersion.V5).ReasonCode;
        _length -= frame.Length;
        return true;
    }
}
