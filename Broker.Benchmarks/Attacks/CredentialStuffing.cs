using Broker.Protocols.Mqtt;

namespace Broker.Benchmarks.Attacks;

/// <summary>200 passwords a second from 500 addresses: half of them for the healthy user, half for names that may or may not exist.</summary>
internal sealed class CredentialStuffing : Attack
{
    private const int PerSecond = 200;
    private const int Addresses = 500;

    public override string Name => "credential-stuffing";

    public override Task RunAsync(AttackTarget target, AttackAnswers answers, CancellationToken cancellationToken) =>
        AttackPace.RunAsync(PerSecond, index => TryAsync(target, answers, index, cancellationToken), cancellationToken);

    private static async Task TryAsync(AttackTarget target, AttackAnswers answers, int index, CancellationToken cancellationToken)
    {
        using var connection = await target.ConnectAsync("mqtt", index % Addresses, cancellationToken);
        var packet = AttackPackets.Connect($"stuffing-{index}", index % 2 == 0 ? "healthy" : $"user{index % 1000}", $"password{index}");
        await connection.SendAsync(output => MqttWriter.WriteConnect(output, packet), cancellationToken);
        answers.Expect("login", await connection.AnswerAsync(cancellationToken), "CONNACK 0x86", "CONNACK 0x88", "CONNACK 0x89", AttackConnection.Closed, AttackConnection.Silence);
    }
}
