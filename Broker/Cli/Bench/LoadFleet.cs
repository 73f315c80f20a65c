using System.Globalization;
using System.Text;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Protocols.PrivateTcp;

namespace Broker.Cli.Bench;

/// <summary>The clients of a scenario, with their topics: who sends what, and who has to receive it.</summary>
internal sealed class LoadFleet(LoadFlow flow, BenchPlan plan) : IDisposable
{
    private readonly LoadDialer _dialer = new(plan.Host, plan.Tls);
    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"bench{flow.Run:x8}");
    private readonly List<LoadConnection> _connections = [];
    private readonly List<LoadProducer> _producers = [];

    public IReadOnlyList<LoadProducer> Producers => _producers;

    public int Connections => _connections.Count;

    /// <summary>Messages that the broker has not acknowledged; under the gate.</summary>
    public long Unacknowledged => _producers.Sum(static producer => (long)(producer.Identifiers?.Count ?? 0));

    /// <summary>Connects receivers, then senders.</summary>
    /// <exception cref="IOException">One of them cannot connect or subscribe.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        flow.Streams = [.. Enumerable.Range(0, plan.Streams).Select(CreateStream)];
        await ConnectReceiversAsync(cancellationToken);
        await ConnectSendersAsync(cancellationToken);
    }

    /// <summary>Ends the sessions that <see cref="BenchScenario.Offline"/> has left, with all that waits in them.</summary>
    public Task EndSessionsAsync(CancellationToken cancellationToken) =>
        EachAsync(plan.Clients, async (index, cancellation) => (await ConnectMqttAsync("s", index, null, cancellation)).Disconnect(), cancellationToken);

    public void Dispose() => _connections.ForEach(static connection => connection.Dispose());

    /// <summary>Runs <paramref name="connect"/> for so many clients, as many at a time as the plan says.</summary>
    public Task EachAsync(int count, Func<int, CancellationToken, Task> connect, CancellationToken cancellationToken) =>
        Parallel.ForAsync(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = plan.Concurrency, CancellationToken = cancellationToken },
            async (index, cancellation) => await connect(index, cancellation));

    /// <summary>Connects an MQTT client, and subscribes where a filter is given.</summary>
    public async Task<MqttLoadClient> ConnectMqttAsync(string role, int index, string? filter, CancellationToken cancellationToken)
    {
        var client = Keep(new MqttLoadClient(flow, plan, ClientId(role, index)));
        await client.ConnectAsync(_dialer, cancellationToken);
        if (filter is not null)
        {
            await client.SubscribeAsync(filter, cancellationToken);
        }

        return client;
    }

    /// <summary>The topic of a stream.</summary>
    public string TopicOf(int stream) => plan.Scenario switch
    {
        BenchScenario.FanOut => $"{_name}/all",
        BenchScenario.Gateway => Expand(plan.UplinkTopic, ClientId("d", stream)),
        BenchScenario.GatewayDown => Expand(plan.DownlinkTopic, ClientId("d", stream)),
        _ => string.Create(CultureInfo.InvariantCulture, $"{_name}/{stream}"),
    };

    private Task ConnectReceiversAsync(CancellationToken cancellationToken) => plan.Scenario switch
    {
        BenchScenario.GatewayDown => EachAsync(
            plan.Clients,
            async (index, cancellation) => (await ConnectDeviceAsync(index, cancellation)).Sink = new LoadSink(flow, (uint)index, 1),
            cancellationToken),
        BenchScenario.FanOut => SubscribeAsync(plan.Clients, TopicOf, _ => (0, 1), cancellationToken),
        BenchScenario.Offline => EachAsync(plan.Clients, LeaveSessionAsync, cancellationToken),
        BenchScenario.Pairs => SubscribeAsync(plan.Clients, TopicOf, static index => (index, 1), cancellationToken),
        BenchScenario.Gateway => SubscribeAsync(1, _ => Expand(plan.UplinkTopic, "+"), _ => (0, plan.Clients), cancellationToken),
        _ => SubscribeAsync(1, _ => $"{_name}/#", _ => (0, plan.Clients), cancellationToken),
    };

    private Task SubscribeAsync(
        int count, Func<int, string> filter, Func<int, (int First, int Count)> streams, CancellationToken cancellationToken) =>
        EachAsync(
            count,
            async (index, cancellation) =>
            {
                var client = await ConnectMqttAsync("s", index, filter(plan.Scenario == BenchScenario.FanOut ? 0 : index), cancellation);
                client.Sink = new LoadSink(flow, (uint)streams(index).First, streams(index).Count);
            },
            cancellationToken);

    private async Task LeaveSessionAsync(int index, CancellationToken cancellationToken)
    {
        var client = Keep(new MqttLoadClient(flow, plan, ClientId("s", index)) { IsPersistent = true });
        await client.ConnectAsync(_dialer, cancellationToken);
        await client.SubscribeAsync(TopicOf(index), cancellationToken);
        client.Disconnect();
    }

    private async Task ConnectSendersAsync(CancellationToken cancellationToken)
    {
        if (plan.Scenario is BenchScenario.GatewayDown or BenchScenario.Offline)
        {
            Send(await ConnectMqttAsync("p", 0, null, cancellationToken), flow.Streams);
            return;
        }

        await EachAsync(
            plan.Streams,
            async (index, cancellation) => Send(
                plan.Scenario == BenchScenario.Gateway
                    ? await ConnectDeviceAsync(index, cancellation)
                    : await ConnectMqttAsync("p", index, null, cancellation),
                flow.Streams[index]),
            cancellationToken);
    }

    private async Task<LoadConnection> ConnectDeviceAsync(int index, CancellationToken cancellationToken)
    {
        var device = Keep(new DeviceLoadClient(flow, plan, ClientId("d", index)));
        await device.ConnectAsync(_dialer, cancellationToken);
        return device;
    }

    private void Send(LoadConnection connection, params LoadStream[] streams)
    {
        var identifiers = connection is MqttLoadClient client && plan.Qos != Qos.AtMostOnce
            ? new PacketIdentifiers { Limit = Math.Min(client.ReceiveMaximum, plan.StreamWindow) }
            : null;
        var producer = new LoadProducer(flow, connection, streams, identifiers) { Batch = Math.Max(1, plan.StreamWindow / 4) };
        connection.Producer = producer;
        Array.ForEach(streams, stream => stream.Producer = producer);
        lock (_producers)
        {
            _producers.Add(producer);
        }
    }

    private TClient Keep<TClient>(TClient connection)
        where TClient : LoadConnection
    {
        lock (_connections)
        {
            _connections.Add(connection);
        }

        return connection;
    }

    private LoadStream CreateStream(int index)
    {
        var window = plan.IsFlood && plan.Scenario != BenchScenario.Offline ? new DeliveryWindow(plan.StreamWindow, plan.Receivers) : null;
        if (plan.Scenario == BenchScenario.Gateway)
        {
            var uplink = new byte[PrivateFrame.HeaderLength + plan.PayloadBytes];
            PrivateFrameWriter.WriteDataTransHeader(uplink, (ushort)plan.PayloadBytes);
            return new LoadStream
            {
                Frame = uplink,
                PayloadOffset = PrivateFrame.HeaderLength,
                Index = (uint)index,
                Receivers = 1,
                Window = window,
            };
        }

        var topic = Encoding.UTF8.GetBytes(TopicOf(index));
        var frame = new byte[MqttWriter.PublishSize(plan.Version, topic.Length, 0, plan.PayloadBytes, plan.Qos)];
        MqttWriter.WritePublish(
            frame, plan.Version, topic, new byte[plan.PayloadBytes], default, plan.Qos, false, false, 0, null, 0, default, out var packetId);
        return new LoadStream
        {
            Frame = frame,
            PayloadOffset = frame.Length - plan.PayloadBytes,
            PacketIdOffset = packetId,
            Index = (uint)index,
            Receivers = plan.Receivers,
            Window = window,
        };
    }

    private string ClientId(string role, int index) => string.Create(CultureInfo.InvariantCulture, $"{_name}-{role}{index}");

    private string Expand(string template, string clientId) =>
        template.Replace("%c", clientId, StringComparison.Ordinal).Replace("%u", plan.Username ?? "", StringComparison.Ordinal);
}
