using Broker.Core.Sessions;
using Broker.Core.Topics;
using Broker.Primitives;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Core.Topics;

internal sealed class SharedGroupTests
{
    private static readonly TopicFilter Filter = TopicFilter.Parse("$share/g/t");
    private readonly SharedGroup _group = new(Filter);
    private TestBroker _broker = null!;

    [SetUp]
    public void Open() => _broker = new TestBroker();

    [TearDown]
    public void Close() => _broker.Dispose();

    [Test]
    public void Members_come_and_go_in_any_order()
    {
        Subscription[] members = [.. Enumerable.Range(0, 1000).Select(index => Member($"m{index}"))];
        foreach (Subscription member in members)
        {
            _group.Put(null, member);
        }

        foreach (Subscription member in members.Where(static (_, index) => index % 3 != 0))
        {
            Assert.That(_group.Remove(member), Is.False);
        }

        HashSet<Subscription?> chosen = [.. Enumerable.Range(0, 334).Select(_ => _group.Next())];
        Assert.That(chosen, Is.EquivalentTo(members.Where(static (_, index) => index % 3 == 0)));
        Assert.That(members.Where(static (_, index) => index % 3 == 0).Select(_group.Remove).Count(static last => last), Is.EqualTo(1));
        Assert.That(_group.Next(), Is.Null);
    }

    [Test]
    public void A_member_that_subscribes_again_keeps_its_place()
    {
        Subscription first = Member("a");
        Subscription again = new(first.Session, Filter, new SubscriptionOptions(Qos.AtLeastOnce), 5);
        _group.Put(null, first);
        _group.Put(first, again);

        Assert.That((_group.Next(), _group.Next(), _group.Remove(again)), Is.EqualTo((again, again, true)));
    }

    [Test]
    public void The_one_that_left_is_not_chosen()
    {
        Subscription only = Member("a");
        _group.Put(null, only);

        Assert.That((_group.Next(only.Session), _group.Next()), Is.EqualTo(((Subscription?)null, only)));
    }

    // Offline, but kept: ready enough to be chosen.
    private Subscription Member(string clientId) => new(
        new Session(
            _broker.Broker,
            new AttachRequest { Identity = new ClientIdentity(clientId, null, ClientProtocol.Mqtt5, "test", null), ExpirySeconds = 60 }),
        Filter,
        new SubscriptionOptions(Qos.AtLeastOnce),
        0);
}
