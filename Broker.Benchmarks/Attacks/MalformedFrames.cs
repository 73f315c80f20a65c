using Broker.Protocols.Mqtt;

namespace Broker.Benchmarks.Attacks;

/// <summary>500 connections a second that send frames which are too large, cut short or nonsense, before and after CONNECT.</summary>
internal sealed class MalformedFrames : Attack
{
    private const int PerSecond = 500;
    private const int Addresses = 250;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly byte[][] Openings =
    [
        [0x10, 0xFF, 0xFF, 0xFF, 0x7F], // CONNECT of 256 MiB
        [0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], // a length without end
        [0x00, 0x00], [0x30, 0x03, 0x00, 0x01, 0x61], // not CONNECT
        [0x10, 0x02, 0xFF, 0xFF], // a string longer than its packet
        [0x10, 0x07, 0x00, 0x04, 0x4D, 0x51, 0x54, 0x54, 0x63], // a version that is none
    ];

    private static readonly byte[][] Later =
    [
        [0x30, 0xFF, 0xFF, 0xFF, 0x7F], // PUBLISH of 256 MiB
        [0x36, 0x02, 0x00, 0x00], // QoS 3
        [0x82, 0x02, 0x00, 0x00], // SUBSCRIBE without filters
        [0x80, 0x00], [0x20, 0x02, 0x00, 0x00], [0x62, 0x01, 0x00], // wrong flags, a server's packet, cut short
        [0x30, 0x05, 0x00, 0x02, 0xC3, 0x28, 0x00], // a topic that is not UTF-8
    ];

    public override string Name => "malformed-frames";

    public override Task RunAsync(AttackTarget target, AttackAnswers answers, CancellationToken cancellationToken) =>
        AttackPace.RunAsync(PerSecond, index => TryAsync(target, answers, index, cancellationToken), cancellationToken);

    private static async Task TryAsync(AttackTarget target, AttackAnswers answers, int index, CancellationToken cancellationToken)
    {
        var kind = index % 4;
        using var connection = await target.ConnectAsync(kind == 0 ? "device" : "mqtt", index % Addresses, cancellationToken);
        if (kind == 1)
        {
            await AfterConnectAsync(connection, answers, index, cancellationToken);
            return;
        }

        await connection.SendAsync(kind == 3 ? Openings[index / 4 % Openings.Length] : Noise(index), cancellationToken);
        answers.Expect("first frame", await connection.EndAsync(Patience, cancellationToken), AttackConnection.Closed);
    }

    private static async Task AfterConnectAsync(AttackConnection connection, AttackAnswers answers, int index, CancellationToken cancellationToken)
    {
        var packet = AttackPackets.Connect($"malformed-{index}", "mallory", AttackFiles.MalloryPassword);
        await connection.SendAsync(output => MqttWriter.WriteConnect(output, packet), cancellationToken);
        if (await connection.AnswerAsync(cancellationToken) is not "CONNACK 0x00" and var refusal)
        {
            answers.Count($"login: {refusal}");
            return;
        }

        await connection.SendAsync(Later[index / 4 % Later.Length], cancellationToken);
        answers.Expect("later frame", await connection.AnswerAsync(cancellationToken), "DISCONNECT 0x8", "DISCONNECT 0x95", "closed");
    }

    // Complete at once, and of types that neither MQTT nor private TCP has as a first one.
    private static byte[] Noise(int seed)
    {
        var bytes = new byte[512];
        new Random(seed).NextBytes(bytes);
        bytes[0] |= 0x80;
        bytes[1] &= 0x7F;
        return bytes;
    }
}
