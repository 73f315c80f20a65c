using System.Text;
using Broker.Core.Ports;
using Broker.Core.Sessions;
using Broker.Core.Timing;
using Broker.Core.Wills;
using Broker.Primitives;

namespace Broker.Tests.Infrastructure;

/// <summary>What a <see cref="ScriptedStore"/> holds after a number of changes.</summary>
internal sealed class StoreState
{
    private long _lastTime;

    public Dictionary<long, StoredSessionState> Sessions { get; } = [];

    public Dictionary<string, Message> Retained { get; } = [];

    public static StoreState After(IEnumerable<Action<StoreState>> changes)
    {
        var state = new StoreState();
        foreach (Action<StoreState> change in changes)
        {
            change(state);
        }

        return state;
    }

    public StoredSessionState Session(string clientId) => Sessions.Values.Single(session => session.Identity.ClientId == clientId);

    public void Attach(long session, ClientIdentity identity, uint expirySeconds, Will? will)
    {
        if (!Sessions.TryGetValue(session, out StoredSessionState? state))
        {
            Sessions[session] = state = new StoredSessionState { Identity = identity };
        }

        state.Identity = identity;
        state.ExpirySeconds = expirySeconds;
        state.Will = will;
        state.DetachedAt = null;
    }

    public void Detach(long session, uint expirySeconds, bool keepWill, long at)
    {
        StoredSessionState state = Sessions[session];
        state.ExpirySeconds = expirySeconds;
        state.Will = keepWill ? state.Will : null;
        state.DetachedAt = at;
        _lastTime = at;
    }

    public void Release(long session, long sequence)
    {
        Sessions[session].Queue.Remove(sequence);
        Sessions[session].Released.Add(sequence);
    }

    public void Remove(long session, long sequence)
    {
        if (Sessions.TryGetValue(session, out StoredSessionState? state))
        {
            state.Queue.Remove(sequence);
            state.Released.Remove(sequence);
        }
    }

    public void Retain(Message message)
    {
        string topic = Encoding.UTF8.GetString(message.Topic.Span);
        if (message.Payload.Length == 0)
        {
            Retained.Remove(topic);
        }
        else
        {
            Retained[topic] = message;
        }
    }

    public IEnumerable<StoredSession> Load(BrokerClock clock) => Sessions.Where(static pair => pair.Value.ExpirySeconds > 0).Select(pair => new StoredSession
    {
        Key = pair.Key,
        Identity = pair.Value.Identity,
        ExpirySeconds = pair.Value.ExpirySeconds,
        DetachedAt = clock.FromUnixMilliseconds(pair.Value.DetachedAt ?? _lastTime),
        Will = pair.Value.Will,
        Subscriptions = [.. pair.Value.Subscriptions.Values],
        Received = [.. pair.Value.Received],
        Released = [.. pair.Value.Released],
        QueuedCount = pair.Value.Queue.Count,
        QueuedBytes = pair.Value.Queue.Values.Sum(static message => (long)message.Message.Size),
        LastSequence = Math.Max(pair.Value.LastSequence, pair.Value.Queue.Keys.DefaultIfEmpty().Max()),
    });
}
