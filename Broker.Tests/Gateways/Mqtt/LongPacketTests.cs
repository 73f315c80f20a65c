using System.Buffers;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Gateways.Mqtt;

/// <summary>What asks for much takes several turns, so that others on the same event loop do not wait for all of it.</summary>
internal sealed class LongPacketTests
{
    private const int TurnOfFilters = 64;

    private TestBroker _broker = null!;
    private DirectConnection _client = null!;

    [SetUp]
    public void Open()
    {
        _broker = new TestBroker();
        _client = DirectConnection.Mqtt(_broker, "c1");
    }

    [TearDown]
    public void Close() => _broker.Dispose();

    [Test]
    public void A_SUBSCRIBE_with_many_filters_takes_turns_and_is_acknowledged_once_MQTT_3_8_4_6()
    {
        ReadOnlySpan<byte> bytes = Subscribe(1, 0, 200);
        long sent = _client.SentBytes;

        Assert.That(_client.Turn(ref bytes), Is.True);
        Assert.That((_broker.Broker.Subscriptions.Count, _client.SentBytes), Is.EqualTo((TurnOfFilters, sent)));

        Assert.That(Turns(bytes), Is.EqualTo(3));
        Assert.That((_broker.Broker.Subscriptions.Count, _client.SentBytes - sent), Is.EqualTo((200, 2 + 1 + 2 + 200)));
    }

    [Test]
    public void An_UNSUBSCRIBE_with_many_filters_takes_turns_and_is_acknowledged_once()
    {
        _client.Receive(Subscribe(1, 0, 200));
        ReadOnlySpan<byte> bytes = Unsubscribe(2, 0, 200);
        long sends = _client.Sends;

        Assert.That(_client.Turn(ref bytes), Is.True);
        Assert.That(_broker.Broker.Subscriptions.Count, Is.EqualTo(200 - TurnOfFilters));

        Assert.That(Turns(bytes), Is.EqualTo(3));
        Assert.That((_broker.Broker.Subscriptions.Count, _client.Sends - sends), Is.EqualTo((0, 1)));
    }

    [Test]
    public void Many_SUBSCRIBE_packets_at_once_take_turns_too()
    {
        byte[] packets = [.. Enumerable.Range(0, 50).SelectMany(index => Subscribe((ushort)(index + 1), index * 4, 4))];
        ReadOnlySpan<byte> bytes = packets;

        Assert.That(_client.Turn(ref bytes), Is.True);
        Assert.That(_broker.Broker.Subscriptions.Count, Is.EqualTo(TurnOfFilters));
        Assert.That(Turns(bytes), Is.EqualTo(3));
        Assert.That(_broker.Broker.Subscriptions.Count, Is.EqualTo(200));
    }

    [Test]
    public void A_SUBSCRIBE_with_few_filters_and_what_is_behind_it_take_one_turn()
    {
        byte[] packets = [.. Subscribe(1, 0, TurnOfFilters - 1), .. MqttWriter.PingReq];

        Assert.That(Turns(packets), Is.EqualTo(1));
        Assert.That(_broker.Broker.Subscriptions.Count, Is.EqualTo(TurnOfFilters - 1));
    }

    [Test]
    public async Task What_is_behind_a_long_packet_is_answered_behind_it()
    {
        MqttClient client = MqttClient.Connect(_broker, "c2", MqttVersion.V311);
        client.Packets();
        client.Connection.Send([.. Subscribe(1, 0, 1000), .. MqttWriter.PingReq]);

        byte[] answer = await client.Connection.ReceiveAsync(3 + 2 + 1000 + MqttWriter.PingResp.Length);

        Assert.That(answer[0], Is.EqualTo((byte)PacketType.SubAck << 4));
        Assert.That(answer[5..^2], Is.All.EqualTo(0));
        Assert.That(answer[^2..], Is.EqualTo(MqttWriter.PingResp.ToArray()));
    }

    [Test]
    public void A_long_packet_whose_identifier_is_in_use_subscribes_to_nothing_MQTT_3_8_4_5()
    {
        MqttClient client = MqttClient.Connect(_broker, "c2");
        client.Publish("a", "x", Qos.ExactlyOnce, packetId: 9);
        client.Packets();

        client.Connection.Send(Subscribe(9, 0, 100, MqttVersion.V5));

        Assert.That(client.Packets().Single(), Does.StartWith("SUBACK 91").And.Not.Contains("00"));
        Assert.That(_broker.Broker.Subscriptions.Count, Is.Zero);
    }

    [Test]
    public void The_subscriptions_of_a_client_that_had_many_end_with_its_session()
    {
        _client.Receive(Subscribe(1, 0, 1000));

        _client.Vanish();

        Assert.That(() => _broker.Broker.Subscriptions.Count, Is.Zero.After(5000, 5));
    }

    private int Turns(ReadOnlySpan<byte> bytes)
    {
        int turns = 1;
        while (_client.Turn(ref bytes))
        {
            turns++;
        }

        Assert.That(bytes.Length, Is.Zero);
        return turns;
    }

    private static byte[] Subscribe(ushort packetId, int from, int count, MqttVersion version = MqttVersion.V311) =>
        Subscribe(packetId, Filters(from, count), version);

    private static byte[] Subscribe(ushort packetId, IEnumerable<string> filters, MqttVersion version = MqttVersion.V311)
    {
        var output = new ArrayBufferWriter<byte>();
        MqttWriter.WriteSubscribe(output, version, packetId, [.. filters.Select(filter => (filter, new SubscriptionOptions(Qos.AtMostOnce)))]);
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Unsubscribe(ushort packetId, int from, int count)
    {
        var output = new ArrayBufferWriter<byte>();
        MqttWriter.WriteUnsubscribe(output, MqttVersion.V311, packetId, [.. Filters(from, count)]);
        return output.WrittenSpan.ToArray();
    }

    private static IEnumerable<string> Filters(int from, int count) => Enumerable.Range(from, count).Select(index => $"f/{index}/+");
}
