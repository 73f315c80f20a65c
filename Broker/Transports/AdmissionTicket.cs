using Broker.Connections;
using Broker.Primitives;

namespace Broker.Transports;

/// <summary>What one connection takes of its listener's limits by address and of those for half-open connections, until it gives it back.</summary>
internal sealed class AdmissionTicket(AddressLedger ledger, AddressKey address) : IConnectionTicket
{
    private int _isHalfOpen = 1;

    /// <inheritdoc />
    public void OnEstablished()
    {
        if (Interlocked.Exchange(ref _isHalfOpen, 0) == 1)
        {
            ledger.OnEstablished(address);
        }
    }

    /// <summary>The connection has ended. Called once.</summary>
    public void Leave()
    {
        OnEstablished();
        ledger.Leave(address);
    }
}
