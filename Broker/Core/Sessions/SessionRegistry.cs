using System.Collections.Concurrent;
using Broker.Configuration;
using Broker.Core.Ports;
using Broker.Core.Routing;
using Broker.Observability;
using Broker.Primitives;

namespace Broker.Core.Sessions;

/// <summary>All sessions by ClientId: one namespace for every protocol. A second connection with a ClientId takes over [MQTT-3.1.4-3].</summary>
internal sealed class SessionRegistry(MessageBroker broker)
{
    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    /// <summary>Sessions, connected or not.</summary>
    public int Count => _sessions.Count;

    /// <summary>All sessions, in no order.</summary>
    public IEnumerable<Session> All => _sessions.Select(static pair => pair.Value);

    /// <summary>The session of a ClientId, or null [MQTT-3.1.3-2].</summary>
    public Session? Find(string clientId) => _sessions.GetValueOrDefault(clientId);

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

    /// <summary>Removes a session that has ended.</summary>
    public void Forget(Session session) => _sessions.TryRemove(KeyValuePair.Create(session.ClientId, session));

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
        if (!_sessions.TryAdd(fresh.ClientId, fresh))
        {
            return null;
        }

        return fresh.TryAttach(request, link, present: false, batch, out _, out _) ? fresh : null;
    }
}
