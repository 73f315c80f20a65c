namespace Broker.Hosting;

/// <summary>Why a listener could not be opened.</summary>
internal sealed record ListenerFailure(string Listener, string Address, string Reason)
{
    /// <summary>The one line that the operator reads.</summary>
    public override string ToString() => $"broker: cannot open listener '{Listener}' on {Address}: {Reason}";
}
