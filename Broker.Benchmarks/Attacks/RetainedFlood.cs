using System.Net.Sockets;
using Broker.Primitives;
using Broker.Protocols.Mqtt;

namespace Broker.Benchmarks.Attacks;

/// <summary>20 clients that belong here publish retained messages of 4 KiB to ever new topics, as fast as they are let.</summary>
internal sealed class RetainedFlood : Attack
{
    private const int Clients = 20;
    private const int AtOnce = 50;
    private static readonly byte[] Payload = new byte[4096];

    public override string Name => "retained-flood";

    public override Task RunAsync(AttackTarget target, AttackAnswers answers, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, Clients).Select(client => FloodAsync(target, answers, client, cancellationToken)));

    private static async Task FloodAsync(AttackTarget target, AttackAnswers answers, int client, CancellationToken cancellationToken)
    {
        try
        {
            using var connection = await target.ConnectAsync("mqtt", client, cancellationToken);
            var connect = AttackPackets.Connect($"flood-{client}", "mallory", AttackFiles.MalloryPassword);
            await connection.SendAsync(output => MqttWriter.WriteConnect(output, connect), cancellationToken);
            answers.Expect("login", await connection.AnswerAsync(cancellationToken), "CONNACK 0x00");
            for (var number = 0; !cancellationToken.IsCancellationRequested; number += AtOnce)
            {
                for (var index = 0; index < AtOnce; index++)
                {
                    var packet = AttackPackets.Publish($"mallory/{client}/{number + index}", Payload, Qos.AtLeastOnce, (ushort)(index + 1), retain: true);
                    await connection.SendAsync(packet, cancellationToken);
                }

                for (var index = 0; index < AtOnce; index++)
                {
                    answers.Count(await connection.AnswerAsync(cancellationToken));
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
        }
    }
}
