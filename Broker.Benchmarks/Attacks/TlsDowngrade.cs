using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Broker.Protocols.Mqtt;

namespace Broker.Benchmarks.Attacks;

/// <summary>Handshakes for SSL 3, TLS 1.0 and 1.1, ciphers that are none, and MQTT without TLS, on the port for TLS; and good handshakes.</summary>
internal sealed class TlsDowngrade : Attack
{
    private const int PerSecond = 40;

    public override string Name => "tls-downgrade";

    public override Task RunAsync(AttackTarget target, AttackAnswers answers, CancellationToken cancellationToken) =>
        AttackPace.RunAsync(PerSecond, index => TryAsync(target, answers, index, cancellationToken), cancellationToken);

    private static async Task TryAsync(AttackTarget target, AttackAnswers answers, int index, CancellationToken cancellationToken)
    {
        using var connection = await target.ConnectAsync("tls", index, cancellationToken);
        await ((index % 6) switch
        {
            0 => HelloAsync(connection, answers, "SSL 3", ClientHello(0x00, 0x00, 0x2F), cancellationToken),
            1 => HelloAsync(connection, answers, "TLS 1.0", ClientHello(0x01, 0xC0, 0x13), cancellationToken),
            2 => HelloAsync(connection, answers, "TLS 1.1", ClientHello(0x02, 0xC0, 0x13), cancellationToken),
            3 => HelloAsync(connection, answers, "TLS 1.2 without encryption", ClientHello(0x03, 0x00, 0x02), cancellationToken),
            4 => PlainAsync(connection, answers, cancellationToken),
            _ => HandshakeAsync(connection, target.Files, answers, cancellationToken),
        });
    }

    // 15 is an alert, 16 0303 would be a ServerHello.
    private static async Task HelloAsync(
        AttackConnection connection, AttackAnswers answers, string attempt, byte[] hello, CancellationToken cancellationToken)
    {
        await connection.SendAsync(hello, cancellationToken);
        var bytes = await connection.BytesAsync(cancellationToken);
        answers.Expect(attempt, bytes.StartsWith("15", StringComparison.Ordinal) ? $"alert {Convert.ToInt32(bytes[12..14], 16)}" : bytes, "alert", "closed");
    }

    private static async Task PlainAsync(AttackConnection connection, AttackAnswers answers, CancellationToken cancellationToken)
    {
        var packet = AttackPackets.Connect("plain", "healthy", AttackFiles.HealthyPassword);
        await connection.SendAsync(output => MqttWriter.WriteConnect(output, packet), cancellationToken);
        var bytes = await connection.BytesAsync(cancellationToken);
        answers.Expect("MQTT without TLS", bytes.StartsWith("15", StringComparison.Ordinal) ? "alert" : bytes, "alert", "closed");
    }

    private static async Task HandshakeAsync(
        AttackConnection connection, AttackFiles files, AttackAnswers answers, CancellationToken cancellationToken)
    {
        try
        {
            await using var tls = new SslStream(connection.Stream);
            using var certificate = X509CertificateLoader.LoadCertificateFromFile(files.CertificateFile);
            var trust = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { certificate },
                RevocationMode = X509RevocationMode.NoCheck,
            };
            var options = new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = trust };
            await tls.AuthenticateAsClientAsync(options, cancellationToken);
            answers.Expect("a good handshake", $"TLS {tls.SslProtocol}", "TLS Tls12", "TLS Tls13");
        }
        catch (Exception error) when (error is AuthenticationException or IOException)
        {
            answers.Expect("a good handshake", error.Message);
        }
    }

    // record(handshake) ClientHello: version 3.minor, random(32), no session, one cipher suite, no compression, extensions for elliptic curves
    private static byte[] ClientHello(byte minor, byte suiteHigh, byte suiteLow)
    {
        byte[] extensions = [0x00, 0x0A, 0x00, 0x04, 0x00, 0x02, 0x00, 0x17, 0x00, 0x0B, 0x00, 0x02, 0x01, 0x00];
        byte[] body =
        [
            0x03, minor, .. new byte[32], 0x00, 0x00, 0x02, suiteHigh, suiteLow, 0x01, 0x00, 0x00, (byte)extensions.Length, .. extensions,
        ];
        return [0x16, 0x03, Math.Min(minor, (byte)0x01), 0x00, (byte)(body.Length + 4), 0x01, 0x00, 0x00, (byte)body.Length, .. body];
    }
}
