namespace Broker.Cli.Crashtest;

/// <summary>Waits by a clock that can be another than the system's.</summary>
internal sealed class Waiting(TimeProvider time)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);

    /// <summary>Waits for a time, or until cancelled; false when it was cancelled.</summary>
    public async Task<bool> PauseAsync(int milliseconds, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(Math.Max(1, milliseconds)), time);
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Asks again and again until the answer is yes.</summary>
    public async Task UntilAsync(Func<bool> isOver, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(PollInterval, time);
        while (!isOver())
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }
}
