namespace Broker.Connections;

/// <summary>A connection's place in the counts of its listener.</summary>
internal interface IConnectionTicket
{
    /// <summary>The client has been let in: the connection is no longer half open. May be called more than once.</summary>
    void OnEstablished();
}
