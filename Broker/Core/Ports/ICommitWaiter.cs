namespace Broker.Core.Ports;

/// <summary>Waits for what it recorded to be on disk.</summary>
internal interface ICommitWaiter
{
    /// <summary>Everything up to this position is on disk.</summary>
    void OnCommitted(long committed);

    /// <summary>The disk has failed. What was recorded is written when it works again; then <see cref="OnCommitted"/> is called as well.</summary>
    void OnStoreFailed();
}
