using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Conformance.Model;

/// <summary>
/// A random valid conversation of several clients with a broker, and beside it the same by the words of the specification: who has to see
/// what, in which order. The two are compared after every step.
/// </summary>
internal class Conversation(Random random)
{
    private static readonly string[] Topics = ["a", "a/b", "b", "c/b", "a/b/c", "/"];
    private static readonly string[] Filters = ["a", "a/+", "#", "a/b", "+/b", "a/#", "+", "+/+/c", "/"];

    private readonly Dictionary<string, (string Payload, Qos Qos)> _retained = [];
    private readonly List<string> _story = [];
    private readonly ModelSession[] _sessions =
    [
        .. Enumerable.Range(0, 4).Select(static number => new ModelSession($"c{number}", number % 2 == 0 ? MqttVersion.V311 : MqttVersion.V5)),
    ];

    private int _number;

    public string Story => string.Join('\n', _story);

    /// <summary>The broker that runs now.</summary>
    public required Func<TestBroker> Broker { get; init; }

    protected IReadOnlyList<ModelSession> Sessions => _sessions;

    public virtual void Step()
    {
        ModelSession session = _sessions[random.Next(_sessions.Length)];
        if (session.Client is null)
        {
            Connect(session);
            return;
        }

        switch (random.Next(10))
        {
            case 0:
                End(session);
                break;
            case 1:
                Connect(session);
                break;
            case 2 or 3:
                Subscribe(session);
                break;
            case 4:
                Unsubscribe(session);
                break;
            default:
                Publish(session);
                break;
        }
    }

    /// <summary>Something has connected: what it takes for its messages to come.</summary>
    protected virtual void OnConnected()
    {
    }

    private void Connect(ModelSession session)
    {
        if (session.Client is not null)
        {
            EndOfConnection(session); // the new connection takes over
        }

        session.Clean = random.Next(4) == 0;
        bool present = session.Exists && !session.Clean;
        if (!present)
        {
            session.Forget();
        }

        Tell($"{session.Id} connects, clean {session.Clean}");
        session.Exists = true;
        session.Client = MqttClient.Open(Broker(), session.Id, session.Version, session.Clean, packet =>
            packet.SessionExpiryInterval = session.Version == MqttVersion.V5 && !session.Clean ? 3600u : 0);
        OnConnected();
        List<ModelDelivery> queued = [.. session.Waiting];
        session.Waiting.Clear();
        List<ModelDelivery> again = [.. session.Inflight.OrderBy(static one => !one.Released)];
        string[] expected =
        [
            $"CONNACK 00{(present ? " present" : "")}",
            .. again.Select(static one => one.Expected(again: true)),
            .. queued.Select(static one => one.Expected(again: false)),
        ];
        List<ModelDelivery> sent = [.. again, .. queued];
        session.Inflight.AddRange(queued);
        See(session, expected, sent);
    }

    private void End(ModelSession session)
    {
        bool vanishes = random.Next(2) == 0;
        Tell($"{session.Id} {(vanishes ? "vanishes" : "disconnects")}");
        if (vanishes)
        {
            session.Client!.Connection.Vanish();
        }
        else
        {
            session.Client!.Disconnect();
        }

        EndOfConnection(session);
    }

    protected static void EndOfConnection(ModelSession session)
    {
        session.Client = null;
        if (session.Clean)
        {
            session.Forget();
        }
    }

    private void Subscribe(ModelSession session)
    {
        string filter = Filters[random.Next(Filters.Length)];
        var qos = (Qos)random.Next(3);
        Tell($"{session.Id} subscribes to {filter} at {qos}");
        session.Subscriptions[filter] = qos;
        session.Client!.Subscribe(filter, new SubscriptionOptions(qos));
        ModelDelivery[] retained =
        [
            .. _retained.Where(one => ModelSession.Matches(filter.Split('/'), one.Key.Split('/')))
                .Select(one => new ModelDelivery(one.Key, one.Value.Payload, one.Value.Qos < qos ? one.Value.Qos : qos, retain: true)),
        ];

        // Retained messages come in any order: the one that was seen decides.
        string[] packets = Packets(session, out ushort[] ids);
        Assert.That(packets, Is.EquivalentTo((string[])[$"SUBACK {(int)qos:x2}", .. retained.Select(static one => one.Expected(again: false))]), Story);
        List<ModelDelivery> seen = [.. packets.Skip(1).Select(packet => retained.First(one => one.Expected(again: false) == packet))];
        Keep(session, seen, ids[1..]);
    }

    private void Unsubscribe(ModelSession session)
    {
        string filter = Filters[random.Next(Filters.Length)];
        bool known = session.Subscriptions.Remove(filter);
        Tell($"{session.Id} unsubscribes from {filter}");
        session.Client!.Unsubscribe(filter);
        See(session, [session.Version == MqttVersion.V5 ? $"UNSUBACK {(known ? "00" : "11")}" : "UNSUBACK "], []);
    }

    private void Publish(ModelSession publisher)
    {
        string topic = AnyTopic();
        var qos = (Qos)random.Next(3);
        bool retain = random.Next(4) == 0;
        string payload = retain && random.Next(3) == 0 ? "" : $"m{++_number}";
        ushort id = qos == Qos.AtMostOnce ? (ushort)0 : (ushort)(100 + (_number % 50));
        if (qos == Qos.AtLeastOnce && publisher.Unreleased.Contains(id))
        {
            id += 100; // in use by a QoS 2 publish: a client does not give it to another [MQTT-2.2.1-3]
        }

        bool repeat = qos == Qos.ExactlyOnce && !publisher.Unreleased.Add(id);
        Tell($"{publisher.Id} publishes {topic} {payload} at {qos}{(retain ? " retain" : "")} #{id}{(repeat ? " again" : "")}");
        if (!repeat && retain)
        {
            _ = payload.Length == 0 ? _retained.Remove(topic) : (_retained[topic] = (payload, qos)) == default;
        }

        publisher.Client!.Publish(topic, payload, qos, id, retain, dup: repeat);
        var toPublisher = new List<ModelDelivery>();
        foreach (ModelSession session in repeat ? [] : _sessions)
        {
            Route(session, new ModelDelivery(topic, payload, qos, retain: false), publisher, topic, payload, toPublisher);
        }

        Answer(publisher, qos, id, toPublisher);
    }

    private void Route(ModelSession session, ModelDelivery message, ModelSession publisher, string topic, string payload, List<ModelDelivery> toPublisher)
    {
        if (session.GrantFor(topic) is not { } granted)
        {
            return;
        }

        var delivery = new ModelDelivery(topic, payload, message.Qos < granted ? message.Qos : granted, retain: false);
        if (session == publisher)
        {
            toPublisher.Add(delivery);
        }
        else if (session.Client is not null)
        {
            See(session, [delivery.Expected(again: false)], [delivery]);
        }
        else if (session.Exists && delivery.Qos != Qos.AtMostOnce)
        {
            session.Waiting.Add(delivery);
        }
    }

    // What the publisher itself sees: its own message, then the answer.
    private void Answer(ModelSession publisher, Qos qos, ushort id, List<ModelDelivery> own)
    {
        string answer = qos == Qos.AtLeastOnce ? "PUBACK #" : "PUBREC #";
        string[] packets = Packets(publisher, out ushort[] ids);
        string[] expected = [.. own.Select(static one => one.Expected(again: false)), .. qos == Qos.AtMostOnce ? Array.Empty<string>() : [answer]];
        Assert.That(packets.Select(static packet => packet.StartsWith("PUBACK", StringComparison.Ordinal) || packet.StartsWith("PUBREC", StringComparison.Ordinal) ? packet[..8] : packet), Is.EqualTo(expected), Story);
        Keep(publisher, [.. own], ids);
        if (qos == Qos.ExactlyOnce && random.Next(3) > 0)
        {
            publisher.Unreleased.Remove(id);
            publisher.Client!.Acknowledge(PacketType.PubRel, id);
            Assert.That(publisher.Client.Packets(), Is.EqualTo(new[] { $"PUBCOMP #{id} 00" }), Story);
        }
    }

    private void See(ModelSession session, string[] expected, List<ModelDelivery> deliveries)
    {
        string[] packets = Packets(session, out ushort[] ids);

        // PUBREL and PUBLISH each keep their order; which of the two goes first is the broker's choice.
        int[] order = [.. Enumerable.Range(0, packets.Length).OrderBy(index => Rank(packets[index]))];
        ids = [.. order.Select(index => ids[index])];
        packets = [.. order.Select(index => packets[index])];
        Assert.That(packets, Is.EqualTo(expected), Story);
        Keep(session, deliveries, ids[(packets.Length - deliveries.Count)..]);
    }

    private static int Rank(string packet) => packet.StartsWith("PUBLISH", StringComparison.Ordinal) ? 2 : packet.StartsWith("PUBREL", StringComparison.Ordinal) ? 1 : 0;

    // Remembers what is unacknowledged now and answers some of it, as a client may.
    private void Keep(ModelSession session, List<ModelDelivery> deliveries, ushort[] ids)
    {
        for (int index = 0; index < deliveries.Count; index++)
        {
            ModelDelivery delivery = deliveries[index];
            if (delivery.Qos == Qos.AtMostOnce)
            {
                continue;
            }

            Assert.That(delivery.PacketId == 0 || delivery.PacketId == ids[index], Story);
            delivery.PacketId = ids[index];
            if (!session.Inflight.Contains(delivery))
            {
                session.Inflight.Add(delivery);
            }

            Acknowledge(session, delivery);
        }
    }

    private void Acknowledge(ModelSession session, ModelDelivery delivery)
    {
        if (random.Next(3) == 0)
        {
            return;
        }

        if (delivery.Qos == Qos.AtLeastOnce || delivery.Released)
        {
            session.Client!.Acknowledge(delivery.Released ? PacketType.PubComp : PacketType.PubAck, delivery.PacketId);
            session.Inflight.Remove(delivery);
            return;
        }

        session.Client!.Acknowledge(PacketType.PubRec, delivery.PacketId);
        Assert.That(session.Client.Packets(), Is.EqualTo(new[] { $"PUBREL #{delivery.PacketId} 00" }), Story);
        delivery.Released = true;
        Acknowledge(session, delivery);
    }

    // Packets in words, their Packet Identifiers taken out.
    private static string[] Packets(ModelSession session, out ushort[] ids)
    {
        string[] packets = session.Client!.Packets();
        ids = [.. packets.Select(static packet => packet.Contains('#') ? ushort.Parse(packet.Split('#')[1].Split(' ')[0], null) : (ushort)0)];
        return [.. packets.Zip(ids, static (packet, id) => packet.Replace($"#{id}", "#", StringComparison.Ordinal))];
    }

    protected string AnyTopic() => Topics[random.Next(Topics.Length)];

    protected void Tell(string what) => _story.Add(what);
}
