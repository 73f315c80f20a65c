using System.Collections.Concurrent;
using Broker.Core.Ports;
using Broker.Core.Routing;
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

    /// <summary>Attaches a connection to its session, which is made where there is none, and ends the connection that had it before.</summary>
    public Session Attach(AttachRequest request, DeliveryLink link, DeliveryBatch batch)
    {
        while (true)
        {
            var stored = Find(request.Identity.ClientId);
            // [MQTT-3.1.2-5] [MQTT-3.1.4-4]
            if (stored is not null && !request.CleanStart && stored.TryAttach(request, link, present: true, batch, out var displaced, out var released))
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
    public void Forget(Session session)
    {
        if (_sessions.TryRemove(KeyValuePair.Create(session.ClientId, session)))
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

    private Session? Replace(AttachRequest request, Session? stored, DeliveryLink link, DeliveryBatch batch)
    {
        stored?.End()?.Close(CloseReason.SessionTakenOver);
        var fresh = new Session(broker, request); // [MQTT-3.1.2-4] [MQTT-3.1.2-6]
        if (fresh.CountedUser is { } user)
        {
            broker.Limits.Sessions.TryEnter(user, int.MaxValue); // whether it may be made was asked before
        }

        if (!_sessions.TryAdd(fresh.ClientId, fresh))
        {
            Discount(fresh);
            return null;
        }

        return fresh.TryAttach(request, link, present: false, batch, out _, out _) ? fresh : null;
    }
}
