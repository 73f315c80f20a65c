using System.Text;
using Broker.Protocols.Mqtt;

namespace Broker.Benchmarks.Attacks;

/// <summary>
/// PROXY headers from a peer that is not trusted, on listeners that do and do not expect them, and headers that are nonsense from one that is;
/// and good ones.
/// </summary>
internal sealed class ProxySpoofing : Attack
{
    private const int PerSecond = 100;
    private static readonly byte[] Text = Encoding.ASCII.GetBytes("PROXY TCP4 192.0.2.1 192.0.2.2 5000 1883\r\n");
    private static readonly byte[] Binary =
        [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A, 0x21, 0x11, 0x00, 0x0C, 192, 0, 2, 1, 192, 0, 2, 2, 0x13, 0x88, 0x07, 0x5B];

    private static readonly byte[] Nonsense = Encoding.ASCII.GetBytes("PROXY TCP4 999.0.2.1 192.0.2.2 5000 1883\r\n");

    public override string Name => "proxy-spoofing";

    public override Task RunAsync(AttackTarget target, AttackAnswers answers, CancellationToken cancellationToken) =>
        AttackPace.RunAsync(PerSecond, index => TryAsync(target, answers, index, cancellationToken), cancellationToken);

    private static async Task TryAsync(AttackTarget target, AttackAnswers answers, int index, CancellationToken cancellationToken)
    {
        var header = index % 2 == 0 ? Text : Binary;
        var (attempt, listener, bytes, right) = (index / 2 % 4) switch
        {
            0 => ("untrusted peer", "proxied", header, AttackConnection.Closed),
            1 => ("where none is expected", "mqtt", header, AttackConnection.Closed),
            2 => ("nonsense", "balanced", Nonsense, AttackConnection.Closed),
            _ => ("trusted peer", "balanced", header, "CONNACK 0x00"),
        };
        using var connection = await target.ConnectAsync(listener, index, cancellationToken);
        await connection.SendAsync(bytes, cancellationToken);
        var packet = AttackPackets.Connect($"proxied-{index}", "mallory", AttackFiles.MalloryPassword);
        await connection.SendAsync(output => MqttWriter.WriteConnect(output, packet), cancellationToken);
        answers.Expect(attempt, await connection.AnswerAsync(cancellationToken), right);
    }
}
