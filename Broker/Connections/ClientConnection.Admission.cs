using Broker.Core.Limits;
using Broker.Core.Routing;
using Broker.Observability;

namespace Broker.Connections;

internal abstract partial class ClientConnection
{
    private ConnectTurn? _turn;

    /// <summary>Lets a CONNECT wait for its turn, where there is a budget for them; <see cref="OnTurn"/> follows.</summary>
    protected void TakeTurn(string clientId, DeliveryBatch batch)
    {
        if (Broker.Memory.IsShort)
        {
            OnTurn(LimitName.Memory, batch);
            return;
        }

        if (!Broker.Admission.IsLimited)
        {
            OnTurn(null, batch);
            return;
        }

        var turn = Broker.Admission.Enter(hasSession: Broker.Sessions.Find(clientId) is not null);
        Volatile.Write(ref _turn, turn);
        if (IsClosed)
        {
            EndTurn();
        }
        else if (turn.Granted.IsCompleted)
        {
            OnTurn(turn.Granted.Result ? null : LimitName.Connects, batch);
        }
        else
        {
            Suspension = AwaitTurnAsync(turn);
        }
    }

    /// <summary>The CONNECT is to be handled now, or refused because of a limit of the broker's.</summary>
    /// <param name="refusal">The limit; null when the CONNECT is to be handled.</param>
    /// <param name="batch">What it sets in motion.</param>
    protected virtual void OnTurn(LimitName? refusal, DeliveryBatch batch)
    {
    }

    /// <summary>The CONNECT has been handled.</summary>
    protected void EndTurn() => Interlocked.Exchange(ref _turn, null)?.Leave();

    private async Task AwaitTurnAsync(ConnectTurn turn)
    {
        var granted = await turn.Granted;
        using var batch = DeliveryBatch.Begin(Broker);
        if (!IsClosed)
        {
            OnFrameReceived(batch.Now); // the time of the wait was ours
            OnTurn(granted ? null : LimitName.Connects, batch);
        }
    }
}
