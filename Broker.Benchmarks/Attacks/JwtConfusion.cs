using System.Security.Cryptography;
using Broker.Protocols.Mqtt;

namespace Broker.Benchmarks.Attacks;

/// <summary>
/// Tokens that nobody signed, that were signed with the public key as a secret, by another key, for others, or that have expired; and good ones,
/// of which some expire while their client is connected.
/// </summary>
internal sealed class JwtConfusion : Attack
{
    private const int PerSecond = 50;
    private const string Good = "a good token";
    private const int Lifetime = 4;
    private const int GoodAddress = 40_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(Lifetime + 4);

    public override string Name => "jwt-confusion";

    public override IEnumerable<string> Settings(AttackFiles files) =>
    [
        $"Authentication:Jwt:PublicKeyFile={files.TokenPublicKeyFile}", "Authentication:Jwt:Audience=broker", "Authentication:Jwt:Issuer=issuer",
        "Authentication:Jwt:ClockSkewSeconds=0",
    ];

    public override async Task RunAsync(AttackTarget target, AttackAnswers answers, CancellationToken cancellationToken)
    {
        using var key = RSA.Create();
        key.ImportFromPem(await File.ReadAllTextAsync(target.Files.TokenKeyFile, cancellationToken));
        using var another = RSA.Create(2048);
        var publicKey = await File.ReadAllBytesAsync(target.Files.TokenPublicKeyFile, cancellationToken);
        await AttackPace.RunAsync(
            PerSecond,
            index => TryAsync(target, answers, index, Token(index, key, another, publicKey), cancellationToken),
            cancellationToken);
    }

    private static (string Attempt, string Token) Token(int index, RSA key, RSA another, byte[] publicKey) => (index % 9) switch
    {
        0 => ("alg none", ForgedToken.Unsigned("none")),
        1 => ("alg nOnE", ForgedToken.Unsigned("nOnE")),
        2 => ("HS256 with the public key", ForgedToken.Hmac(publicKey)),
        3 => ("another key", ForgedToken.Rsa(another)),
        4 => ("another audience", ForgedToken.Rsa(key, audience: "elsewhere")),
        5 => ("another issuer", ForgedToken.Rsa(key, issuer: "elsewhere")),
        6 => ("expired", ForgedToken.Rsa(key, seconds: -1)),
        7 => ("without expiry", ForgedToken.Rsa(key, seconds: null)),
        _ => (Good, ForgedToken.Rsa(key, seconds: Lifetime)),
    };

    private static async Task TryAsync(
        AttackTarget target, AttackAnswers answers, int index, (string Attempt, string Token) forged, CancellationToken cancellationToken)
    {
        // Addresses of its own for what is good: failures slow down those that come after them.
        using var connection = await target.ConnectAsync("mqtt", forged.Attempt == Good ? GoodAddress : index, cancellationToken);
        var packet = AttackPackets.Connect($"token-{index}", forged.Attempt, forged.Token);
        await connection.SendAsync(output => MqttWriter.WriteConnect(output, packet), cancellationToken);
        var answer = await connection.AnswerAsync(cancellationToken);
        if (forged.Attempt != Good)
        {
            answers.Expect(forged.Attempt, answer, "CONNACK 0x86", "CONNACK 0x87", "CONNACK 0x88", "closed");
            return;
        }

        answers.Expect(Good, answer, "CONNACK 0x00");
        answers.Expect("connected when its token expires", await connection.EndAsync(Patience, cancellationToken), AttackConnection.Closed);
    }
}
