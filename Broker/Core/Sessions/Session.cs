using Broker.Core.Ports;
using Broker.Core.Timing;
using Broker.Core.Wills;

namespace Broker.Core.Sessions;

/// <summary>
/// Session State of one ClientId (MQTT 5.0 section 4.1): subscriptions, queue, deliveries in flight, received QoS 2 identifiers, Will. Its
/// own monitor guards it. Lock order: session, then link or subscription tree; nothing is published or closed while it is held.
/// </summary>
internal sealed partial class Session : ITimed, ICommitWaiter
{
    private readonly MessageBroker _broker;
    private SubscriptionSet _subscriptions;
    private DeliveryLink? _link;
    private InflightTable? _inflight;
    private MessageQueue? _queue;
    private HashSet<ushort>? _received;
    private Will? _will;
    private TimerHandle _expiryTimer;
    private TimerHandle _willTimer;
    private ushort[]? _resend;
    private int _resent;
    private int _active;
    private uint _expirySeconds;
    private int _maximumQueued;
    private long _maximumQueuedBytes;
    private bool _ended;
    private SessionRecord? _record;

    public Session(MessageBroker broker, AttachRequest request)
    {
        _broker = broker;
        Identity = request.Identity;
        CountedUser = request.CountedUser;
        Adopt(request);
    }

    /// <summary>Continues a stored session; <see cref="Resume"/> sets its deadlines when all are there.</summary>
    public Session(MessageBroker broker, StoredSession stored)
    {
        _broker = broker;
        Identity = stored.Identity;
        _expirySeconds = stored.ExpirySeconds;
        _will = stored.Will;
        var limits = broker.Limits.Of(stored.Identity);
        CountedUser = limits.LimitsSessions ? stored.Identity.Username : null;
        LimitQueue(limits.Given.MaximumQueuedMessages, limits.Given.MaximumQueuedBytes);
        RestoreState(stored);
    }

    /// <summary>ClientId.</summary>
    public string ClientId => Identity.ClientId;

    /// <summary>Who was attached last.</summary>
    public ClientIdentity Identity { get; private set; }

    /// <summary>Username for whom it counts as a session as long as it lives; null when it does not.</summary>
    public string? CountedUser { get; }

    /// <summary>True while a connection is attached.</summary>
    public bool IsConnected => Volatile.Read(ref _link) is not null;

    /// <summary>Number of subscriptions.</summary>
    public int SubscriptionCount => _subscriptions.Count;

    /// <summary>Session Expiry Interval, in seconds. The client may change it when it disconnects.</summary>
    public uint ExpirySeconds
    {
        get => Volatile.Read(ref _expirySeconds);
        set => Volatile.Write(ref _expirySeconds, value);
    }

    /// <summary>Messages that wait in the queue.</summary>
    public int QueuedCount => _queue?.Count ?? 0;

    private void Adopt(AttachRequest request)
    {
        Identity = request.Identity;
        _expirySeconds = request.ExpirySeconds;
        _will = request.Will;
        LimitQueue(request.MaximumQueuedMessages, request.MaximumQueuedBytes);
    }

    private void LimitQueue(int? messages, long? bytes)
    {
        _maximumQueued = messages ?? _broker.Options.Sessions.MaximumQueuedMessages;
        _maximumQueuedBytes = bytes ?? _broker.Options.Sessions.MaximumQueuedBytes;
    }
}
