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
        Turns(target, count: 4, microseconds: 200);
        Assert.That(_turns.IsExpected(target), Is.True);

        Turns(target, count: 32, microseconds: 10);
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
        Turns(target, count: 32, microseconds: 5);
        Assert.That(_turns.IsExpected(target), Is.False);
    }

    [Test]
    public void All_are_served_where_there_is_time()
    {
        Target[] targets = Many(3);

        Assert.That(Pass(each: 100, targets), Is.EqualTo(targets));
        Assert.That(_turns.IsNeeded, Is.False);
    }

    [Test]
    public void A_pass_ends_in_time_and_who_has_waited_longest_is_first_in_the_next()
    {
        Target[] targets = Many(4);

        Assert.That(Pass(each: 1500, targets), Is.EqualTo(targets[..2]));
        Assert.That(Pass(each: 1500, targets), Is.EqualTo(targets[2..]));
        Assert.That(Pass(each: 1500, targets), Is.EqualTo(targets[..2]));
    }

    [Test]
    public void One_is_served_however_long_it_takes()
    {
        Target[] targets = Many(2);

        Assert.That(Pass(each: 5000, targets), Is.EqualTo(targets[..1]));
        Assert.That(Pass(each: 5000, targets), Is.EqualTo(targets[1..]));
    }

    [Test]
    public void Short_turns_come_before_long_ones_that_were_ready_earlier()
    {
        Target[] targets = Many(3);
        _turns.Begin();
        Turns(targets[0], count: 32, microseconds: 300);
        Turns(targets[1], count: 32, microseconds: 120);
        Turns(targets[2], count: 32, microseconds: 50);

        Assert.That(Pass(each: 100, targets), Is.EqualTo(targets.Reverse()));
    }

    [Test]
    public void Short_turns_do_not_keep_a_long_one_waiting_for_ever()
    {
        Target[] targets = Many(3);
        _turns.Begin();
        Turns(targets[0], count: 32, microseconds: 300);

        Assert.That(Pass(each: 2500, targets), Is.EqualTo(new[] { targets[1], targets[0] }));
    }

    [Test]
    public void A_turn_that_is_not_finished_goes_on_though_nothing_is_reported()
    {
        Target target = Many(1)[0];
        _turns.Continue(target);
        Assert.That(_turns.HasUnfinished, Is.True);

        _turns.DeferUnfinished();

        Assert.That(Pass(each: 100), Is.EqualTo(new[] { target }));
        Assert.That((_turns.HasUnfinished, _turns.IsNeeded), Is.EqualTo((false, false)));
    }

    [Test]
    public void A_turn_that_is_not_finished_and_has_no_time_in_this_pass_has_it_in_the_next()
    {
        Target[] targets = Many(3);
        foreach (Target target in targets)
        {
            _turns.Continue(target);
        }

        _turns.DeferUnfinished();
        Assert.That(Pass(each: 1500), Is.EqualTo(targets[..2]));
        Assert.That(_turns.HasUnfinished, Is.True);

        _turns.DeferUnfinished();
        Assert.That(Pass(each: 1500), Is.EqualTo(targets[2..]));
    }

    [Test]
    public void Who_has_gone_does_not_go_on()
    {
        Target target = Many(1)[0];
        _turns.Continue(target);
        target.Descriptor = -1;

        _turns.DeferUnfinished();

        Assert.That((_turns.IsNeeded, _turns.HasUnfinished), Is.EqualTo((false, false)));
    }

    [Test]
    public void Who_is_ready_twice_is_served_once()
    {
        Target target = Many(1)[0];
        _turns.Continue(target);
        _turns.Defer(target, ReadyEvents.HungUp);
        _turns.DeferUnfinished();

        Assert.That(Pass(each: 100), Is.EqualTo(new[] { target }));
        Assert.That(_turns.HasUnfinished, Is.False);
    }

    private static Target[] Many(int count) => [.. Enumerable.Range(0, count).Select(index => new Target { Descriptor = index })];

    private void Turns(Target target, int count, int microseconds)
    {
        for (int turn = 0; turn < count; turn++)
        {
            _time.Advance(TimeSpan.FromMicroseconds(microseconds));
            _turns.End(target);
        }
    }

    private List<EpollTarget> Pass(int each, params Target[] ready)
    {
        foreach (Target target in ready)
        {
            _turns.Defer(target, ReadyEvents.Readable);
        }

        _turns.BeginPass();
        List<EpollTarget> served = [];
        while (_turns.TryNext(out EpollTarget? target, out _))
        {
            served.Add(target!);
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
