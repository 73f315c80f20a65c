using Broker.Primitives;
using Broker.Protocols.Mqtt;

namespace Broker.Benchmarks.Attacks;

/// <summary>A user with topics of its own tries to read and write those of others, by wildcards, shared groups and Wills.</summary>
internal sealed class AclBypass : Attack
{
    private const int PerSecond = 50;

    private static readonly string[] Filters =
    [
        "#", "+/#", "+/+", "healthy/#", "healthy/+", "+/values", "healthy/values", "$share/g/#", "$share/g/healthy/values", "$share/g/+/values",
        "mallory/../healthy/values", "healthy/values/#", "devices/+/up", "$SYS/#", "/#", "$share/mallory/+/#",
    ];

    public override string Name => "acl-bypass";

    public override Task RunAsync(AttackTarget target, AttackAnswers answers, CancellationToken cancellationToken) =>
        AttackPace.RunAsync(PerSecond, index => TryAsync(target, answers, index, cancellationToken), cancellationToken);

    private static async Task TryAsync(AttackTarget target, AttackAnswers answers, int index, CancellationToken cancellationToken)
    {
        using var connection = await target.ConnectAsync("mqtt", index, cancellationToken);
        var will = index % 2 == 0 ? new WillPacket { Topic = "healthy/values"u8.ToArray(), Payload = new byte[sizeof(long)] } : null;
        var packet = AttackPackets.Connect($"bypass-{index}", "mallory", AttackFiles.MalloryPassword, will);
        await connection.SendAsync(output => MqttWriter.WriteConnect(output, packet), cancellationToken);
        if (await connection.AnswerAsync(cancellationToken) is not "CONNACK 0x00" and var refusal)
        {
            answers.Expect("Will on another's topic", refusal, "CONNACK 0x87");
            return;
        }

        // What is its own is granted: the rules are there, and it is not all that is refused.
        await connection.SendAsync(AttackPackets.Subscribe(1, "mallory/#"), cancellationToken);
        answers.Expect("its own filter", await connection.AnswerAsync(cancellationToken), "SUBACK 0x01");
        await connection.SendAsync(AttackPackets.Subscribe(2, Filters[index % Filters.Length]), cancellationToken);
        var (whose, expected) = Filters[index % Filters.Length].StartsWith("mallory/", StringComparison.Ordinal)
            ? ("a filter below its own", "SUBACK 0x01") // dots have no meaning in topics
            : ("another's filter", "SUBACK 0x87");
        answers.Expect(whose, await connection.AnswerAsync(cancellationToken), expected);
        await connection.SendAsync(AttackPackets.Publish("healthy/values", new byte[sizeof(long)], Qos.AtLeastOnce, 3), cancellationToken);
        answers.Expect("publish to another's topic", await connection.AnswerAsync(cancellationToken), "PUBACK 0x87");
    }
}
