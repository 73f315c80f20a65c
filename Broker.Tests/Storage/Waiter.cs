using Broker.Core.Ports;

namespace Broker.Tests.Storage;

/// <summary>Waits for a commit, and remembers what it was told.</summary>
internal sealed class Waiter(string name = "", List<string>? told = null) : ICommitWaiter
{
    private readonly TaskCompletionSource<long> _committed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _failures;

    public int Failures => Volatile.Read(ref _failures);

    public bool IsCommitted => _committed.Task.IsCompleted;

    public Task<long> CommittedAsync() => _committed.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public Task FailedAsync() => _failed.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public void OnCommitted(long committed)
    {
        if (told is not null)
        {
            lock (told)
            {
                told.Add(name);
            }
        }
        _committed.TrySetResult(committed);
    }

    public void OnStoreFailed()
    {
        Interlocked.Increment(ref _failures);
        _failed.TrySetResult();
    }
}
