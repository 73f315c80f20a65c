namespace Broker.Transports;

/// <summary>Marks a connection that was admitted and counted where it was accepted.</summary>
internal sealed class AdmittedConnection
{
    public static AdmittedConnection Instance { get; } = new();
}
