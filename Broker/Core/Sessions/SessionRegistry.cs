using Broker.Configuration;
using Broker.Core.Ports;
using Broker.Core.Routing;
using Broker.Observability;
using Broker.Primitives;

namespace Broker.Core.Sessions;

/// <summary>All sessions by ClientId: one namespace for every protocol. A second connection with a ClientId takes over [MQTT-3.1.4-3].</summary>
internal sealed class SessionRegistry(MessageBroker broker)
{
    // One lock is enough, because it is held for a look at one slot; a concurrent dictionary would take four times the memory.
    private readonly Lock _gate = new();
    private readonly HashSet<Session> _sessions = new(ClientIdComparer.Instance);

    /// <summary>Sessions, connected or not.</summary>
    public int Count => _sessions.Count;

    /// <summary>All sessions, in no order.</summary>
    public IEnumerable<Session> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _sessions];
            }
        }
    }

    /// <summary>The session of a ClientId, or null [MQTT-3.1.3-2].</summary>
    public Session? Find(string clientId)
    {
        lock (_gate)
        {
            return _sessions.GetAlternateLookup<string>().TryGetValue(clientId, out var session) ? session : null;
        }
    }

    /// <summary>Ends all subscriptions that the access rules in force do not allow.</summary>
    public void DropForbiddenSubscriptions()
    {
        foreach (var session in All)
        {
            session.DropForbiddenSubscriptions(session.Identity);
        }
    }

    /// <summary>
    /// Attaches a connection to its session, which is made where there is none, and ends the connection that had it before. Null when the ClientId
    /// is another user's, whose session is then untouched.
    /// </summary>
    public Session? Attach(AttachRequest request, DeliveryLink link, DeliveryBatch batch)
    {
        while (true)
        {
            var stored = Find(request.Identity.ClientId);
            var isForeign = stored is not null && IsOfAnotherUser(stored, request.Identity);
            if (isForeign && !MayTake(stored!, request.Identity))
            {
                return null;
            }

            var resumes = stored is not null && !isForeign && !request.CleanStart; // [MQTT-3.1.2-5] [MQTT-3.1.4-4]
            if (resumes)
            {
                stored!.DropForbiddenSubscriptions(request.Identity);
            }

            if (resumes && stored!.TryAttach(request, link, present: true, batch, out var displaced, out var released))
            {
                displaced?.Close(CloseReason.SessionTakenOver);
                broker.PublishWill(stored.Identity, released);
                return stored;
            }

            if (Replace(request, stored, link, batch) is { } fresh)
            {
                return fresh;
            }
        }
    }

    /// <summary>Takes over a stored session.</summary>
    public void Restore(StoredSession stored) => TryAdd(new Session(broker, stored));

    /// <summary>Removes a session that has ended.</summary>
    public void Forget(Session session)
    {
        bool removed;
        lock (_gate)
        {
            removed = _sessions.TryGetValue(session, out var current) && ReferenceEquals(current, session) && _sessions.Remove(session);
        }

        if (removed)
        {
            Discount(session);
        }
    }

    private void Discount(Session session)
    {
        if (session.CountedUser is { } user)
        {
            broker.Limits.Sessions.Leave(user);
        }
    }

    // A session never changes its owner: who resumes it has the Username of the one who made it.
    private bool IsOfAnotherUser(Session stored, ClientIdentity client) =>
        broker.Options.AuthenticatesClients && !string.Equals(stored.Identity.Username, client.Username, StringComparison.Ordinal);

    private bool MayTake(Session stored, ClientIdentity client)
    {
        if (broker.Options.Sessions.ClientIdOfAnotherUser == ClientIdOwnership.Refuse)
        {
            broker.Log.SessionOfAnotherUser(client.ClientId, client.Username, client.Peer, stored.Identity.Username);
            return false;
        }

        broker.Log.SessionTakenFromUser(client.ClientId, client.Username, client.Peer, stored.Identity.Username);
        return true;
    }

    private Session? Replace(AttachRequest request, Session? stored, DeliveryLink link, DeliveryBatch batch)
    {
        stored?.End()?.Close(CloseReason.SessionTakenOver);
        var fresh = new Session(broker, request); // [MQTT-3.1.2-4] [MQTT-3.1.2-6]
        return TryAdd(fresh) && fresh.TryAttach(request, link, present: false, batch, out _, out _) ? fresh : null;
    }

    private bool TryAdd(Session fresh)
    {
        if (fresh.CountedUser is { } user)
        {
            broker.Limits.Sessions.TryEnter(user, int.MaxValue); // whether it may be made was asked before
        }

        bool added;
        lock (_gate)
        {
            added = _sessions.Add(fresh);
        }

        if (!added)
        {
            Discount(fresh);
        }

        return added;
    }
}
