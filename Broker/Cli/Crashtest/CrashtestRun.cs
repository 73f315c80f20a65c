using System.Globalization;
using Broker.Cli.Bench;
using Broker.Cli.Crashtest.Audit;
using Broker.Cli.Crashtest.Child;

namespace Broker.Cli.Crashtest;

/// <summary>Starts the broker, lets the clients work, kills it, again and again; then drains and audits.</summary>
internal sealed class CrashtestRun
{
    /// <summary>One start in so many is ended before the broker is up: recovery must survive a kill too.</summary>
    private const int KillAtStartOneIn = 8;

    /// <summary>One round in so many passes without a subscriber that comes and goes, so that queues outlive several processes.</summary>
    private const int AbsentOneIn = 3;

    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(5);

    private readonly CrashtestPlan _plan;
    private readonly TimeProvider _time;
    private readonly TextWriter _progress;
    private readonly Workplace _place;
    private readonly BrokerLog _log;
    private readonly Random _random;
    private readonly LoadFlow _flow;
    private readonly AuditLog _audit = new();
    private readonly Waiting _waiting;
    private readonly Fleet _fleet;
    private readonly Drain _drain;
    private readonly PublishingPace _pace;
    private int _upAfterMilliseconds = 1;

    public CrashtestRun(CrashtestPlan plan, TimeProvider time, Workplace place, BrokerLog log, TextWriter progress)
    {
        (_plan, _time, _place, _log, _progress) = (plan, time, place, log, progress);
        _random = new Random(plan.Seed);
        _flow = new LoadFlow(time, (uint)Random.Shared.Next(), isFlood: false);
        _waiting = new Waiting(time);
        _fleet = new Fleet(plan, _flow, _audit);
        _drain = new Drain(plan, _flow, _audit, _fleet, _waiting);
        _pace = new PublishingPace(_flow, _fleet.Publishers, plan.Rate, new Random(plan.Seed), time);
    }

    /// <summary>Runs.</summary>
    /// <exception cref="IOException">The broker does not start, or ends by itself.</exception>
    public async Task<CrashtestResult> RunAsync(CancellationToken cancellationToken)
    {
        BrokerChild? child = null;
        try
        {
            for (var number = 1; number <= Math.Max(1, _plan.Rounds); number++)
            {
                child?.Dispose();
                child = await BeginRoundAsync(cancellationToken);
                await WorkAsync(child, cancellationToken);
                await TellAsync(number);
            }

            if (_plan.Rounds > 0)
            {
                child?.Dispose();
                child = await BeginRoundAsync(cancellationToken);
            }

            await _drain.RunAsync(child!, cancellationToken);
            return new CrashtestResult { Plan = _plan, Rounds = _audit.Rounds, Examples = _audit.Examples, Fault = _audit.Fault };
        }
        finally
        {
            child?.Dispose();
        }
    }

    private async Task<BrokerChild> BeginRoundAsync(CancellationToken cancellationToken)
    {
        var round = _audit.BeginRound();
        if (_audit.Rounds.Count > 1 && _plan.Signal == StopSignal.Kill && _random.Next(KillAtStartOneIn) == 0)
        {
            using var doomed = BrokerChild.Start(_plan.Broker, _place.DataDirectory, _log);
            await _waiting.PauseAsync(_random.Next(_upAfterMilliseconds), cancellationToken);
            await doomed.StopAsync(StopSignal.Kill, cancellationToken);
            round.KilledAtStart++;
        }

        var child = await StartAsync(round, cancellationToken);
        try
        {
            _audit.ExpectsLostConnections = false;
            await _drain.CheckRetainedAsync(child, cancellationToken);
            return child;
        }
        catch
        {
            child.Dispose();
            throw;
        }
    }

    private async Task<BrokerChild> StartAsync(RoundTally round, CancellationToken cancellationToken)
    {
        var begun = _time.GetTimestamp();
        var child = BrokerChild.Start(_plan.Broker, _place.DataDirectory, _log);
        try
        {
            while (!await child.IsListeningAsync(cancellationToken))
            {
                RequireRunning(child);
                if (_time.GetElapsedTime(begun) > LongestStart)
                {
                    throw new IOException($"the broker does not listen on its port\n{_log.Tail}");
                }

                await _waiting.PauseAsync(1, cancellationToken);
            }

            round.UpAfterMilliseconds = _upAfterMilliseconds = Math.Max(1, (int)_time.GetElapsedTime(begun).TotalMilliseconds);
            return child;
        }
        catch
        {
            child.Dispose();
            throw;
        }
    }

    private async Task WorkAsync(BrokerChild child, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] clients = [.. Work(child.Port, over.Token)];
        var begun = _time.GetTimestamp();
        await _waiting.PauseAsync(_random.Next(_plan.KillAfterLeast, _plan.KillAfterMost + 1), cancellationToken);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            RequireRunning(child);
            lock (_flow.Gate)
            {
                _audit.ExpectsLostConnections = true;
            }

            if (_plan.Rounds > 0)
            {
                _audit.Rounds[^1].KilledAfterMilliseconds = (int)_time.GetElapsedTime(begun).TotalMilliseconds;
                await child.StopAsync(_plan.Signal, cancellationToken);
            }
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(clients);
        }
    }

    private IEnumerable<Task> Work(int port, CancellationToken over)
    {
        for (var index = 0; index < _fleet.Subscribers.Count; index++)
        {
            var keeper = new SessionKeeper(_fleet.Subscribers[index], _waiting);
            if (!Fleet.ComesAndGoes(index))
            {
                yield return keeper.StayAsync(port, over);
            }
            else if (_random.Next(AbsentOneIn) != 0)
            {
                yield return keeper.ComeAndGoAsync(port, new Random(_random.Next()), over);
            }
        }

        foreach (var publisher in _fleet.Publishers)
        {
            yield return new SessionKeeper(publisher, _waiting).StayAsync(port, over);
        }

        yield return _pace.RunAsync(over);
    }

    private void RequireRunning(BrokerChild child)
    {
        if (child.HasExited)
        {
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"the broker ended by itself with status {child.ExitCode}\n{_log.Tail}"));
        }
    }

    private Task TellAsync(int number)
    {
        var round = _audit.Rounds[^1];
        return _progress.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"round {number} of {_plan.Rounds}: up after {round.UpAfterMilliseconds} ms, {round.Acknowledged} acknowledged, {round.Delivered} delivered"));
    }
}
