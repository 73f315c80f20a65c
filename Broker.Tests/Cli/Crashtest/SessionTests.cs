using Broker.Cli.Bench;
using Broker.Cli.Crashtest.Audit;
using Broker.Cli.Crashtest.Sessions;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using NUnit.Framework;

namespace Broker.Tests.Cli.Crashtest;

/// <summary>What a session keeps from one connection to the next.</summary>
internal sealed class SessionTests
{
    private LoadFlow _flow = null!;
    private AuditLog _audit = null!;
    private PayloadPattern _payloads = null!;
    private MessageStream _once = null!;
    private MessageStream _exactly = null!;

    [SetUp]
    public void SetUp()
    {
        _flow = new LoadFlow(TimeProvider.System, 1, isFlood: false);
        _audit = new AuditLog();
        _audit.BeginRound();
        _payloads = new PayloadPattern(1, 24);
        _once = new MessageStream(0, "q1", Qos.AtLeastOnce, retain: false);
        _exactly = new MessageStream(1, "q2", Qos.ExactlyOnce, retain: false);
    }

    [Test]
    public async Task A_publisher_sends_again_what_is_unacknowledged([Values(MqttVersion.V311, MqttVersion.V5)] object version)
    {
        PublishingSession publisher = Publisher((MqttVersion)version);
        using (ScriptedBroker broker = await ScriptedBroker.AcceptAsync(publisher, sessionPresent: false))
        {
            Publish(publisher, _once, _exactly, _exactly, _once);
            Assert.That(await PacketsAsync(broker, 4), Is.EqualTo(["PUBLISH q1 #1", "PUBLISH q2 #2", "PUBLISH q2 #3", "PUBLISH q1 #4"]));
            await broker.SendAckAsync(PacketType.PubAck, 1);
            await broker.SendAckAsync(PacketType.PubRec, 2);
            Assert.That(await broker.NextAsync(), Is.EqualTo("PUBREL #2"));
        }

        publisher.Leave(politely: false);
        using ScriptedBroker next = await ScriptedBroker.AcceptAsync(publisher, sessionPresent: true);

        Assert.That(await PacketsAsync(next, 3), Is.EqualTo(["PUBREL #2", "PUBLISH q2 #3 dup", "PUBLISH q1 #4 dup"]));
        Assert.That((_audit.Rounds[0].Acknowledged, _audit.Rounds[0].Violations), Is.EqualTo((2, 0)));
        Assert.That((_once.LastCompleted, _exactly.LastCompleted), Is.EqualTo((0, -1)), "PUBREC alone does not complete QoS 2");
    }

    [Test]
    public async Task A_publisher_whose_session_is_lost_sends_nothing_again()
    {
        PublishingSession publisher = Publisher(MqttVersion.V5);
        using (ScriptedBroker broker = await ScriptedBroker.AcceptAsync(publisher, sessionPresent: false))
        {
            Publish(publisher, _once);
            await broker.NextAsync();
        }

        publisher.Leave(politely: false);
        using ScriptedBroker next = await ScriptedBroker.AcceptAsync(publisher, sessionPresent: false);

        Publish(publisher, _exactly);
        Assert.That(await next.NextAsync(), Is.EqualTo("PUBLISH q2 #1"));
        Assert.That(_audit.Rounds[0][ViolationKind.SessionLost], Is.EqualTo(1));
    }

    [Test]
    public async Task A_subscriber_knows_a_qos_2_message_that_comes_again_until_its_PUBREL()
    {
        SubscribingSession subscriber = Subscriber();
        byte[] payload = Published();
        using (ScriptedBroker broker = await SubscribedAsync(subscriber))
        {
            await broker.SendPublishAsync("q2", payload, Qos.ExactlyOnce, 7);
            Assert.That(await broker.NextAsync(), Is.EqualTo("PUBREC #7"));
        }

        subscriber.Leave(politely: false);
        using ScriptedBroker next = await ScriptedBroker.AcceptAsync(subscriber, sessionPresent: true);
        await next.SendPublishAsync("q2", payload, Qos.ExactlyOnce, 7, dup: true);
        Assert.That(await next.NextAsync(), Is.EqualTo("PUBREC #7"));
        await next.SendAckAsync(PacketType.PubRel, 7);
        Assert.That(await next.NextAsync(), Is.EqualTo("PUBCOMP #7"));
        Assert.That((_audit.Rounds[0].Delivered, _audit.Rounds[0].Violations), Is.EqualTo((1, 0)));

        await next.SendPublishAsync("q2", payload, Qos.ExactlyOnce, 7, dup: true);
        await next.NextAsync();
        Assert.That((_audit.Rounds[0].Delivered, _audit.Rounds[0][ViolationKind.DuplicateQos2]), Is.EqualTo((1, 1)), "after PUBREL it is a new delivery");
    }

    [Test]
    public async Task A_subscriber_whose_session_is_lost_subscribes_again()
    {
        SubscribingSession subscriber = Subscriber();
        (await SubscribedAsync(subscriber)).Dispose();
        subscriber.Leave(politely: false);

        using ScriptedBroker next = await ScriptedBroker.AcceptAsync(subscriber, sessionPresent: false);

        Assert.That(await next.NextAsync(), Is.EqualTo("SUBSCRIBE"));
        Assert.That(_audit.Rounds[0][ViolationKind.SessionLost], Is.EqualTo(1));
    }

    [Test]
    public async Task A_message_of_somebody_else_is_not_delivered()
    {
        SubscribingSession subscriber = Subscriber();
        using ScriptedBroker broker = await SubscribedAsync(subscriber);

        await broker.SendPublishAsync("q1", Published(), Qos.AtLeastOnce, 7);

        Assert.That(await broker.NextAsync(), Is.EqualTo("PUBACK #7"));
        Assert.That((_audit.Rounds[0].Delivered, _audit.Rounds[0][ViolationKind.Corrupted]), Is.EqualTo((0, 1)), "the payload is that of another topic");
    }

    private static async Task<string[]> PacketsAsync(ScriptedBroker broker, int count)
    {
        string[] packets = new string[count];
        for (int i = 0; i < count; i++)
        {
            packets[i] = await broker.NextAsync();
        }

        return packets;
    }

    private static async Task<ScriptedBroker> SubscribedAsync(SubscribingSession subscriber)
    {
        ScriptedBroker broker = await ScriptedBroker.AcceptAsync(subscriber, sessionPresent: false);
        Assert.That(await broker.NextAsync(), Is.EqualTo("SUBSCRIBE"));
        await broker.SendSubAckAsync(1, ReasonCode.GrantedQos2);
        return broker;
    }

    private PublishingSession Publisher(MqttVersion version) => new(_flow, _audit, "p", version, [_once, _exactly], _payloads, 10);

    private SubscribingSession Subscriber()
    {
        SubscribingSession subscriber = new(_flow, _audit, "s", MqttVersion.V5, Qos.ExactlyOnce, _payloads);
        subscriber.Want("q2", [_exactly]);
        return subscriber;
    }

    private void Publish(PublishingSession publisher, params MessageStream[] streams)
    {
        lock (_flow.Gate)
        {
            Array.ForEach(streams, publisher.Publish);
        }

        publisher.Connection!.Flush();
    }

    private byte[] Published()
    {
        byte[] payload = new byte[_payloads.Size];
        _payloads.Write(payload, _exactly, _audit.Publish(_exactly));
        return payload;
    }
}
