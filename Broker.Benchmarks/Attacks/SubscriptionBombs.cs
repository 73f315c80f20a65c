using System.Globalization;
using System.Net.Sockets;
using Broker.Protocols.Mqtt;

namespace Broker.Benchmarks.Attacks;

/// <summary>1,000 clients that belong here subscribe to 10,000 filters each, 40,000 filters a second in all.</summary>
internal sealed class SubscriptionBombs(bool isLimited) : Attack
{
    private const int Clients = 1000;
    private const int FiltersPerPacket = 100;
    private const int Packets = 100;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2.5);
    private const long MemoryLimitBytes = 4L << 30;

    private long _granted;

    public override string Name => isLimited ? "subscription-bombs" : "subscription-bombs-unlimited";

    // Without the limit, what is left is the guard over the memory of the process.
    public override IEnumerable<string> Settings(AttackFiles files) =>
        isLimited ? [] : ["Limits:MaximumSubscriptions=0", string.Create(CultureInfo.InvariantCulture, $"Admission:MemoryLimitBytes={MemoryLimitBytes}")];

    public override async Task RunAsync(AttackTarget target, AttackAnswers answers, CancellationToken cancellationToken)
    {
        await Parallel.ForAsync(
            0, Clients, new ParallelOptions { MaxDegreeOfParallelism = Clients },
            async (client, _) => await SubscribeAsync(target, answers, client, cancellationToken));
        answers.Count($"{_granted} subscriptions granted");
    }

    private async Task SubscribeAsync(AttackTarget target, AttackAnswers answers, int client, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(Period * client / Clients, cancellationToken);
            using var connection = await target.ConnectAsync("mqtt", client, cancellationToken);
            var connect = AttackPackets.Connect($"bomb-{client}", "mallory", AttackFiles.MalloryPassword);
            await connection.SendAsync(output => MqttWriter.WriteConnect(output, connect), cancellationToken);
            answers.Count(await connection.AnswerAsync(cancellationToken));
            for (var packet = 0; packet < Packets && !cancellationToken.IsCancellationRequested; packet++)
            {
                await connection.SendAsync(AttackPackets.Subscribe((ushort)(packet + 1), FiltersOf(client, packet)), cancellationToken);
                var answer = await connection.AnswerAsync(cancellationToken);
                answers.Count(answer);
                _ = answer == "SUBACK 0x01" ? Interlocked.Add(ref _granted, FiltersPerPacket) : 0;
                if (answer is AttackConnection.Closed)
                {
                    return;
                }

                await Task.Delay(Period, cancellationToken);
            }

            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
        }
    }

    // A third each is exact, has a wildcard level, and ends in one.
    private static string[] FiltersOf(int client, int packet) =>
    [
        .. Enumerable.Range(packet * FiltersPerPacket, FiltersPerPacket).Select(index => (index % 3) switch
        {
            0 => $"mallory/{client}/{index}",
            1 => $"mallory/+/{client}/{index}",
            _ => $"mallory/{client}/{index}/#",
        }),
    ];
}
