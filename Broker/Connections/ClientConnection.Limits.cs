using Broker.Core.Limits;
using Broker.Core.Sessions;
using Broker.Observability;

namespace Broker.Connections;

internal abstract partial class ClientConnection
{
    private string? _countedUser;

    /// <summary>Takes the place of an authenticated client among the connections of its user, and asks whether it may have a session. False names the limit.</summary>
    protected bool TryEnter(ClientIdentity identity, EffectiveLimits limits, out LimitName limit)
    {
        var stored = Broker.Sessions.Find(identity.ClientId);
        if (stored is null && Broker.Options.Sessions.MaximumSessions is > 0 and var maximum && Broker.Sessions.Count >= maximum)
        {
            limit = LimitName.Sessions;
            return false;
        }

        limit = LimitName.SessionsPerUser;
        if (identity.Username is not { } user)
        {
            return true;
        }

        if (stored?.CountedUser != user && limits.LimitsSessions && Broker.Limits.Sessions.Of(user) >= limits.MaximumSessionsPerUser)
        {
            return false;
        }

        // Who takes over its own connection does not need another place: that one is about to be free.
        limit = LimitName.ConnectionsPerUser;
        var takesOver = stored is { IsConnected: true } && stored.Identity.Username == user;
        return limits.MaximumConnectionsPerUser == int.MaxValue || TryEnter(user, limits.MaximumConnectionsPerUser + (takesOver ? 1 : 0));
    }

    private bool TryEnter(string user, int maximum)
    {
        if (!Broker.Limits.Connections.TryEnter(user, maximum))
        {
            return false;
        }

        Volatile.Write(ref _countedUser, user);
        if (IsClosed)
        {
            LeaveUser(); // it ended meanwhile
        }

        return true;
    }

    private void LeaveUser()
    {
        if (Interlocked.Exchange(ref _countedUser, null) is { } user)
        {
            Broker.Limits.Connections.Leave(user);
        }
    }
}
