using Broker.Protocols.Mqtt;

namespace Broker.Benchmarks.Attacks;

/// <summary>Strangers, and a user who belongs here, come with the ClientIds of the healthy clients.</summary>
internal sealed class SessionTakeover : Attack
{
    private const int PerSecond = 50;
    private static readonly string[] Victims = ["healthy-subscriber", "healthy-publisher"];
    private static readonly (string? User, string? Password)[] Credentials =
        [(null, null), ("healthy", "a guess"), ("healthy", null), ("", ""), ("mallory", AttackFiles.MalloryPassword)];

    public override string Name => "session-takeover";

    public override Task RunAsync(AttackTarget target, AttackAnswers answers, CancellationToken cancellationToken) =>
        AttackPace.RunAsync(PerSecond, index => TryAsync(target, answers, index, cancellationToken), cancellationToken);

    private static async Task TryAsync(AttackTarget target, AttackAnswers answers, int index, CancellationToken cancellationToken)
    {
        var (user, password) = Credentials[index % Credentials.Length];
        using var connection = await target.ConnectAsync("mqtt", index, cancellationToken);
        var packet = AttackPackets.Connect(Victims[index % Victims.Length], user, password);
        await connection.SendAsync(output => MqttWriter.WriteConnect(output, packet), cancellationToken);
        var attempt = user == "mallory" ? "another user" : "a stranger";
        answers.Expect(attempt, await connection.AnswerAsync(cancellationToken), "CONNACK 0x8", AttackConnection.Closed, AttackConnection.Silence);
    }
}
