namespace Broker.Core.Limits;

/// <summary>One CONNECT's place in <see cref="ConnectAdmission"/>.</summary>
internal sealed class ConnectTurn(ConnectAdmission admission, long enteredAt)
{
    private readonly TaskCompletionSource<bool> _granted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with true when the CONNECT is to be handled, with false when the client is to come back later.</summary>
    public Task<bool> Granted => _granted.Task;

    /// <summary>When it came, on the broker's clock.</summary>
    public long EnteredAt => enteredAt;

    /// <summary>Where it waits; null when it does not. Guarded by the admission's lock.</summary>
    public LinkedListNode<ConnectTurn>? Waiting { get; set; }

    /// <summary>True while it counts as being handled. Guarded by the admission's lock.</summary>
    public bool IsHandled { get; set; }

    /// <summary>The CONNECT is handled, or the client has gone.</summary>
    public void Leave() => admission.Leave(this);

    /// <summary>Decides.</summary>
    public void Answer(bool granted) => _granted.TrySetResult(granted);
}
