using Broker.Core.Ports;
using Broker.Core.Sessions;
using Broker.Core.Wills;

namespace Broker.Tests.Infrastructure;

/// <summary>One session in a <see cref="StoreState"/>.</summary>
internal sealed class StoredSessionState
{
    public required ClientIdentity Identity { get; set; }

    public uint ExpirySeconds { get; set; }

    public Will? Will { get; set; }

    public long? DetachedAt { get; set; }

    public long LastSequence { get; set; }

    public Dictionary<string, StoredSubscription> Subscriptions { get; } = [];

    public SortedDictionary<long, StoredMessage> Queue { get; } = [];

    public SortedSet<long> Released { get; } = [];

    public SortedSet<ushort> Received { get; } = [];
}
