using Broker.Primitives;
using Broker.Tests.Gateways.Mqtt.Storage;
using NUnit.Framework;

namespace Broker.Tests.Conformance.Model;

/// <summary>The same with durable storage and a broker whose process ends now and then: what was acknowledged is there afterwards.</summary>
internal sealed class DurableConversation : Conversation
{
    private readonly DurableBroker _durable;
    private readonly Random _random;

    public DurableConversation(DurableBroker durable, Random random)
        : base(random)
    {
        _durable = durable;
        _random = random;
        _durable.Store.CommitsAtOnce = true;
    }

    public override void Step()
    {
        switch (_random.Next(24))
        {
            case 0:
                Crash();
                break;
            case 1:
                CrashBeforeTheCommit();
                break;
            default:
                base.Step();
                break;
        }
    }

    protected override void OnConnected() => _durable.Store.Read();

    // What a publish left is not on disk yet: nobody was told that it is, so that it is gone without a trace.
    private void CrashBeforeTheCommit()
    {
        if (Sessions.FirstOrDefault(static session => session.Client is not null) is { } publisher)
        {
            string topic = AnyTopic();
            Tell($"{publisher.Id} publishes {topic} in vain");
            _durable.Store.CommitsAtOnce = false;
            publisher.Client!.Publish(topic, "in vain", _random.Next(2) == 0 ? Qos.AtLeastOnce : Qos.ExactlyOnce, 999, retain: true);
            Assert.That(publisher.Client.Packets(), Has.None.StartsWith("PUBACK").And.None.StartsWith("PUBREC"), Story);
        }

        Crash();
    }

    private void Crash()
    {
        Tell("crash");
        _durable.Crash();
        _durable.Store.CommitsAtOnce = true;
        foreach (ModelSession session in Sessions)
        {
            if (session.Client is not null)
            {
                EndOfConnection(session);
            }

            session.Restart();
        }
    }
}
