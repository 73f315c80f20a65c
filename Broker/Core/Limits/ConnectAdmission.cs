using Broker.Configuration;
using Broker.Core.Timing;

namespace Broker.Core.Limits;

/// <summary>
/// Lets a fleet that comes back at once in at the rate that the machine bears: CONNECTs above the budget wait, clients with a stored session
/// before the others, and when too many wait or one waits for too long it is told to come back.
/// </summary>
internal sealed class ConnectAdmission(AdmissionOptions options, BrokerClock clock, TimerWheel wheel) : ITimed
{
    private readonly Lock _gate = new();
    private readonly LinkedList<ConnectTurn> _known = new();
    private readonly LinkedList<ConnectTurn> _others = new();
    private readonly TokenBucket? _rate = options.ConnectsPerSecond > 0 ? new TokenBucket(options.ConnectsPerSecond, 0, clock.Now) : null;
    private readonly int _atOnce = options.ConnectsAtOnce > 0 ? options.ConnectsAtOnce : int.MaxValue;
    private int _handled;
    private bool _isTimed;

    /// <summary>False when nobody ever waits, so that callers may skip the question.</summary>
    public bool IsLimited => options.ConnectsPerSecond > 0 || options.ConnectsAtOnce > 0;

    /// <summary>CONNECTs that wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _known.Count + _others.Count;
            }
        }
    }

    /// <summary>A CONNECT has come. Its turn may be answered already.</summary>
    /// <param name="hasSession">The client has a stored session.</param>
    public ConnectTurn Enter(bool hasSession)
    {
        var turn = new ConnectTurn(this, clock.Now);
        lock (_gate)
        {
            var nobodyBefore = _known.Count == 0 && (hasSession || _others.Count == 0);
            if (nobodyBefore && TryTake())
            {
                Grant(turn);
            }
            else if (_known.Count + _others.Count < options.ConnectsWaiting || (hasSession && MakeRoom()))
            {
                turn.Waiting = (hasSession ? _known : _others).AddLast(turn);
                Arm();
            }
            else
            {
                turn.Answer(granted: false);
            }
        }

        return turn;
    }

    /// <summary>A CONNECT is done with, whether it was granted or not.</summary>
    public void Leave(ConnectTurn turn)
    {
        lock (_gate)
        {
            Unlink(turn);
            if (turn.IsHandled)
            {
                turn.IsHandled = false;
                _handled--;
                Serve();
            }
        }
    }

    void ITimed.OnTimer()
    {
        lock (_gate)
        {
            _isTimed = false;
            Serve();
            SendAwayWhoWaitsTooLong(_known);
            SendAwayWhoWaitsTooLong(_others);
            if (_known.Count + _others.Count > 0)
            {
                Arm();
            }
        }
    }

    private void Serve()
    {
        while ((_known.First ?? _others.First) is { } next && TryTake())
        {
            Unlink(next.Value);
            Grant(next.Value);
        }
    }

    private bool TryTake() => _handled < _atOnce && (_rate is null || _rate.TryTake(clock.Now));

    private void Grant(ConnectTurn turn)
    {
        _handled++;
        turn.IsHandled = true;
        turn.Answer(granted: true);
    }

    // The one that came last has waited least.
    private bool MakeRoom()
    {
        if (_others.Last is not { } last)
        {
            return false;
        }

        Unlink(last.Value);
        last.Value.Answer(granted: false);
        return true;
    }

    private void SendAwayWhoWaitsTooLong(LinkedList<ConnectTurn> waiting)
    {
        while (waiting.First is { } first && clock.Now - first.Value.EnteredAt >= options.ConnectWaitSeconds * 1000L)
        {
            Unlink(first.Value);
            first.Value.Answer(granted: false);
        }
    }

    private static void Unlink(ConnectTurn turn)
    {
        turn.Waiting?.List?.Remove(turn.Waiting);
        turn.Waiting = null;
    }

    private void Arm()
    {
        if (!_isTimed)
        {
            _isTimed = true;
            wheel.Schedule(this, 0);
        }
    }
}
