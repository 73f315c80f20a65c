namespace Broker.Tests.Infrastructure;

/// <summary>Counts what an action allocates in steady state.</summary>
internal static class Allocations
{
    private const int WarmUpTurns = 200;
    private const int CountedTurns = 1000;
    private const int Rounds = 5;

    /// <summary>
    /// The bytes that a thousand turns of an action allocate, once what is made a single time is there: the least of several rounds. A pool that
    /// the whole process shares may be drained by what another test has left running, which costs one round a buffer; what the action itself
    /// allocates shows in every round.
    /// </summary>
    public static long Of(Action action)
    {
        Repeat(action, WarmUpTurns);
        return Enumerable.Range(0, Rounds).Min(_ => OfOneRound(action));
    }

    private static long OfOneRound(Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Repeat(action, CountedTurns);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Repeat(Action action, int turns)
    {
        for (int turn = 0; turn < turns; turn++)
        {
            action();
        }
    }
}
