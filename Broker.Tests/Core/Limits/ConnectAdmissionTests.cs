using Broker.Configuration;
using Broker.Core.Limits;
using Broker.Core.Timing;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Core.Limits;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ConnectAdmissionTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly BrokerClock _clock;
    private readonly TimerWheel _wheel;

    public ConnectAdmissionTests()
    {
        _clock = new BrokerClock(_time);
        _wheel = new TimerWheel(_clock);
    }

    public void Dispose() => _wheel.Dispose();

    [Test]
    public void CONNECTs_above_the_rate_wait_and_stored_sessions_come_first()
    {
        ConnectAdmission admission = Open(new AdmissionOptions { ConnectsPerSecond = 2 });
        Assert.That((Enter(admission), Enter(admission)), Is.EqualTo(("granted", "granted")));
        ConnectTurn other = admission.Enter(hasSession: false);
        ConnectTurn known = admission.Enter(hasSession: true);
        Assert.That((State(other), State(known), admission.Waiting), Is.EqualTo(("waits", "waits", 2)));

        _time.Advance(TimeSpan.FromMilliseconds(600));
        Assert.That((State(other), State(known)), Is.EqualTo(("waits", "granted")));
        _time.Advance(TimeSpan.FromMilliseconds(600));
        Assert.That((State(other), admission.Waiting), Is.EqualTo(("granted", 0)));
    }

    [Test]
    public void One_that_is_done_makes_room_for_the_next()
    {
        ConnectAdmission admission = Open(new AdmissionOptions { ConnectsAtOnce = 1 });
        ConnectTurn first = admission.Enter(hasSession: false);
        ConnectTurn second = admission.Enter(hasSession: false);
        Assert.That((State(first), State(second)), Is.EqualTo(("granted", "waits")));

        first.Leave();
        first.Leave();
        Assert.That((State(second), Enter(admission)), Is.EqualTo(("granted", "waits")));
    }

    [Test]
    public void Who_has_gone_does_not_take_a_turn()
    {
        ConnectAdmission admission = Open(new AdmissionOptions { ConnectsAtOnce = 1 });
        ConnectTurn first = admission.Enter(hasSession: false);
        ConnectTurn gone = admission.Enter(hasSession: false);
        ConnectTurn third = admission.Enter(hasSession: false);

        gone.Leave();
        first.Leave();
        Assert.That((State(gone), State(third)), Is.EqualTo(("waits", "granted")));
    }

    [Test]
    public void When_too_many_wait_those_without_a_session_are_sent_away()
    {
        ConnectAdmission admission = Open(new AdmissionOptions { ConnectsAtOnce = 1, ConnectsWaiting = 1 });
        admission.Enter(hasSession: false);
        ConnectTurn waiting = admission.Enter(hasSession: false);

        Assert.That(Enter(admission), Is.EqualTo("sent away"));
        Assert.That((Enter(admission, hasSession: true), State(waiting)), Is.EqualTo(("waits", "sent away")));
        Assert.That(Enter(admission, hasSession: true), Is.EqualTo("sent away"));
    }

    [Test]
    public void Nobody_waits_for_ever()
    {
        ConnectAdmission admission = Open(new AdmissionOptions { ConnectsAtOnce = 1, ConnectWaitSeconds = 3 });
        admission.Enter(hasSession: false);
        ConnectTurn waiting = admission.Enter(hasSession: true);

        _time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.That(State(waiting), Is.EqualTo("waits"));
        _time.Advance(TimeSpan.FromSeconds(0.3));
        Assert.That(State(waiting), Is.EqualTo("sent away"));
    }

    private ConnectAdmission Open(AdmissionOptions options) => new(options, _clock, _wheel);

    private static string Enter(ConnectAdmission admission, bool hasSession = false) => State(admission.Enter(hasSession));

    private static string State(ConnectTurn turn) => !turn.Granted.IsCompleted ? "waits" : turn.Granted.Result ? "granted" : "sent away";
}
