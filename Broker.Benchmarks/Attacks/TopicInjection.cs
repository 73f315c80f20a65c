using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Protocols.PrivateTcp;

namespace Broker.Benchmarks.Attacks;

/// <summary>Wildcards, separators and NUL where a topic or a ClientId becomes part of a topic or of a rule.</summary>
internal sealed class TopicInjection : Attack
{
    private const int PerSecond = 50;
    private static readonly string[] ClientIds = ["a/b", "+", "#", "../x", "a/#", "+/up", "healthy/values", "a\0b"];
    private static readonly string[] Topics = ["devices/+/up", "devices/#", "#", "devices/in\0jected", "$SYS/broker/uptime", "healthy/values"];

    public override string Name => "topic-injection";

    public override Task RunAsync(AttackTarget target, AttackAnswers answers, CancellationToken cancellationToken) =>
        AttackPace.RunAsync(PerSecond, index => TryAsync(target, answers, index, cancellationToken), cancellationToken);

    private static async Task TryAsync(AttackTarget target, AttackAnswers answers, int index, CancellationToken cancellationToken)
    {
        await ((index % 3) switch
        {
            0 => AsDeviceAsync(target, answers, index, cancellationToken),
            1 => AsClientIdAsync(target, answers, index, cancellationToken),
            _ => AsTopicAsync(target, answers, index, cancellationToken),
        });
    }

    private static async Task AsDeviceAsync(AttackTarget target, AttackAnswers answers, int index, CancellationToken cancellationToken)
    {
        var id = ClientIds[index / 3 % ClientIds.Length];
        using var connection = await target.ConnectAsync("device", index, cancellationToken);
        var frame = new ConnectFrame { ClientId = id, Username = "mallory", Password = System.Text.Encoding.UTF8.GetBytes(AttackFiles.MalloryPassword) };
        await connection.SendAsync(output => PrivateFrameWriter.WriteConnect(frame, output), cancellationToken);
        var answer = await connection.BytesAsync(cancellationToken);

        // CONNACK is 0x2_ with its code in the low half; 0 would be a login.
        answers.Expect("device with a ClientId that would change its topics", answer.Length > 2 ? $"refused (0x{answer[..2]})" : answer, "refused (0x21)", "closed");
    }

    // The rule is devices/%c/#: a ClientId must not make more of it than one level.
    private static async Task AsClientIdAsync(AttackTarget target, AttackAnswers answers, int index, CancellationToken cancellationToken)
    {
        var id = ClientIds[index / 3 % ClientIds.Length];
        using var connection = await LogInAsync(target, id, index, cancellationToken);
        if (await connection.AnswerAsync(cancellationToken) is not "CONNACK 0x00" and var refusal)
        {
            answers.Expect("ClientId with NUL", refusal, "closed", "CONNACK 0x81", "CONNACK 0x85", "DISCONNECT 0x81");
            return;
        }

        await connection.SendAsync(AttackPackets.Subscribe(1, $"devices/{id}/up"), cancellationToken);
        answers.Expect("subscription through %c", await connection.AnswerAsync(cancellationToken), "SUBACK 0x87", "SUBACK 0x8f", "DISCONNECT", "closed");
    }

    private static async Task AsTopicAsync(AttackTarget target, AttackAnswers answers, int index, CancellationToken cancellationToken)
    {
        using var connection = await LogInAsync(target, $"injector-{index}", index, cancellationToken);
        await connection.AnswerAsync(cancellationToken);
        await connection.SendAsync(AttackPackets.Publish(Topics[index / 3 % Topics.Length], "x"u8, Qos.AtLeastOnce, 1), cancellationToken);
        answers.Expect("publish", await connection.AnswerAsync(cancellationToken), "PUBACK 0x87", "DISCONNECT 0x81", "DISCONNECT 0x90", "closed");
    }

    private static async Task<AttackConnection> LogInAsync(AttackTarget target, string id, int index, CancellationToken cancellationToken)
    {
        var connection = await target.ConnectAsync("mqtt", index, cancellationToken);
        var packet = AttackPackets.Connect(id, "mallory", AttackFiles.MalloryPassword);
        await connection.SendAsync(output => MqttWriter.WriteConnect(output, packet), cancellationToken);
        return connection;
    }
}
