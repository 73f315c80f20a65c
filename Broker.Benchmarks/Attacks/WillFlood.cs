using Broker.Primitives;
using Broker.Protocols.Mqtt;

namespace Broker.Benchmarks.Attacks;

/// <summary>200 connections a second that leave a retained Will of 4 KiB behind, each on a topic of its own, and go without goodbye.</summary>
internal sealed class WillFlood : Attack
{
    private const int PerSecond = 200;
    private const int Addresses = 250;
    private static readonly byte[] Payload = new byte[4096];

    public override string Name => "will-flood";

    public override Task RunAsync(AttackTarget target, AttackAnswers answers, CancellationToken cancellationToken) =>
        AttackPace.RunAsync(PerSecond, index => TryAsync(target, answers, index, cancellationToken), cancellationToken);

    private static async Task TryAsync(AttackTarget target, AttackAnswers answers, int index, CancellationToken cancellationToken)
    {
        using var connection = await target.ConnectAsync("mqtt", index % Addresses, cancellationToken);
        var will = new WillPacket
        {
            Topic = System.Text.Encoding.UTF8.GetBytes($"mallory/will/{index}"),
            Payload = Payload,
            Qos = Qos.AtLeastOnce,
            Retain = true,
        };
        var packet = AttackPackets.Connect($"will-{index}", "mallory", AttackFiles.MalloryPassword, will);
        await connection.SendAsync(output => MqttWriter.WriteConnect(output, packet), cancellationToken);
        answers.Count(await connection.AnswerAsync(cancellationToken));
    }
}
