namespace Broker.Storage;

internal sealed partial class DurableStore
{
    private TaskCompletionSource? _room;

    /// <inheritdoc />
    public Task? Room => Volatile.Read(ref _room)?.Task;

    // Under the gate.
    private void CloseRoom()
    {
        if (_room is null)
        {
            Volatile.Write(ref _room, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
    }

    // Under the gate, after a commit or a move. Moving is the slow one of the two: to wait for much of it would be a long pause.
    private void UpdateRoom()
    {
        var unmoved = _committed - _moved;
        if (unmoved > _limits.UnmovedBytes)
        {
            CloseRoom();
        }
        else if (_room is { } room && _recorded - _committed <= _limits.UncommittedBytes / 2 && unmoved <= _limits.UnmovedBytes / 16 * 15)
        {
            Volatile.Write(ref _room, null);
            room.SetResult();
        }
    }
}
