using Broker.Tests.Infrastructure;
using Broker.Transports.Epoll;
using NUnit.Framework;

namespace Broker.Tests.Transports.Epoll;

internal sealed class LongTurnsTests
{
    private ManualTimeProvider _time = null!;
    private LongTurns _turns = null!;

    [SetUp]
    public void Create()
    {
        _time = new ManualTimeProvider();
        _turns = new LongTurns(_time);
    }

    [Test]
    public void Who_takes_long_again_and_again_is_served_behind_the_others_until_it_does_not()
    {
        Target target = new();
        _turns.Begin();
        Turns(target, count: 2, microseconds: 200);
        Assert.That(_turns.IsExpected(target), Is.True);

        Turns(target, count: 16, microseconds: 10);
        Assert.That(_turns.IsExpected(target), Is.False);
    }

    [Test]
    public void One_turn_that_looks_long_changes_nothing()
    {
        Target target = new();
        _turns.Begin();
        Turns(target, count: 16, microseconds: 5);
        Turns(target, count: 1, microseconds: 100_000);

        Assert.That(_turns.IsExpected(target), Is.False);
    }

    [Test]
    public void Who_is_new_is_served_behind_the_others_until_it_is_known()
    {
        Target target = new();
        _turns.Expect(target);
        Assert.That(_turns.IsExpected(target), Is.True);

        _turns.Begin();
        Turns(target, count: 16, microseconds: 5);
        Assert.That(_turns.IsExpected(target), Is.False);
    }

    [Test]
    public void All_are_served_where_there_is_time()
    {
        Assert.That(Pass(each: 100, 1, 2, 3), Is.EqualTo(new ulong[] { 1, 2, 3 }));
        Assert.That(_turns.IsNeeded, Is.False);
    }

    [Test]
    public void A_pass_ends_in_time_and_the_next_begins_where_it_has_ended()
    {
        Assert.That(Pass(each: 1000, 1, 2, 3, 4), Is.EqualTo(new ulong[] { 1, 2 }));
        Assert.That(Pass(each: 1000, 1, 2, 3, 4), Is.EqualTo(new ulong[] { 3, 4 }));
        Assert.That(Pass(each: 1000, 1, 2, 3, 4), Is.EqualTo(new ulong[] { 1, 2 }));
    }

    [Test]
    public void One_is_served_however_long_it_takes()
    {
        Assert.That(Pass(each: 5000, 1, 2), Is.EqualTo(new ulong[] { 1 }));
        Assert.That(Pass(each: 5000, 1, 2), Is.EqualTo(new ulong[] { 2 }));
    }

    private void Turns(Target target, int count, int microseconds)
    {
        for (int turn = 0; turn < count; turn++)
        {
            _time.Advance(TimeSpan.FromMicroseconds(microseconds));
            _turns.End(target);
        }
    }

    private List<ulong> Pass(int each, params ulong[] ready)
    {
        foreach (ulong data in ready)
        {
            _turns.Defer(ReadyEvents.Readable, data);
        }

        _turns.BeginPass();
        List<ulong> served = [];
        while (_turns.TryNext(out _, out ulong data))
        {
            served.Add(data);
            _time.Advance(TimeSpan.FromMicroseconds(each));
        }

        return served;
    }

    private sealed class Target() : EpollTarget(null!)
    {
        public override void OnReady(ReadyEvents events)
        {
        }

        public override void OnDefect(Exception defect)
        {
        }
    }
}
