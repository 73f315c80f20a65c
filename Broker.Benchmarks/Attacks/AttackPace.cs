using System.Net.Sockets;

namespace Broker.Benchmarks.Attacks;

/// <summary>
/// Runs attempts at a rate. Attackers and broker share the cores of one machine here, and an attacker that takes all CPU would show the
/// scheduler's work and not the broker's.
/// </summary>
internal static class AttackPace
{
    private const int AtOnce = 256;

    /// <summary>Starts so many attempts a second until cancelled, not waiting for their ends, as long as not too many are under way.</summary>
    public static async Task RunAsync(int perSecond, Func<int, Task> attempt, CancellationToken cancellationToken)
    {
        using var room = new SemaphoreSlim(AtOnce);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var started = TimeProvider.System.GetTimestamp();
        var index = 0;
        while (await NextAsync(tick, cancellationToken))
        {
            var due = TimeProvider.System.GetElapsedTime(started).TotalSeconds * perSecond;
            for (; index < due && room.Wait(0, CancellationToken.None); index++)
            {
                _ = OneAsync(attempt, index, room);
            }
        }

        for (var ended = 0; ended < AtOnce; ended++)
        {
            await room.WaitAsync(CancellationToken.None);
        }
    }

    private static async Task OneAsync(Func<int, Task> attempt, int index, SemaphoreSlim room)
    {
        try
        {
            await attempt(index);
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            // It is over, or the broker has no place for another connection.
        }
        finally
        {
            room.Release();
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer tick, CancellationToken cancellationToken)
    {
        try
        {
            return await tick.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
