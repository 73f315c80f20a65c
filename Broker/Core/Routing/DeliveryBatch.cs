using Broker.Configuration;
using Broker.Core.Ports;
using Broker.Core.Sessions;
using Broker.Observability;
using Broker.Primitives;

namespace Broker.Core.Routing;

/// <summary>
/// What one pass over received bytes sets in motion: every touched link is flushed once when it ends, and the counters of all its messages
/// reach the metrics together. Belongs to one thread from <see cref="Begin"/> to <see cref="Dispose"/>.
/// </summary>
internal sealed class DeliveryBatch : IDisposable
{
    [ThreadStatic]
    private static DeliveryBatch? t_idle;

    private readonly List<DeliveryLink> _touched = [];
    private BrokerMetrics _metrics = null!;
    private Message? _kept;
    private DeliveryBatch? _nextIdle;

    private DeliveryBatch()
    {
    }

    /// <summary>Encodings of the current publication.</summary>
    public EncodingCache Encodings { get; } = new();

    /// <summary>Counters, added to the metrics at the end.</summary>
    public TrafficCounters Traffic { get; } = new();

    /// <summary>The broker's clock when the batch began, in milliseconds.</summary>
    public long Now { get; private set; }

    /// <summary>A receiver whose queue has grown long: whoever publishes may wait for it, see <see cref="Session.RoomFor"/>.</summary>
    public Session? Congested { get; set; }

    /// <summary>When the current publication has to be on disk.</summary>
    public Durability Durability { get; private set; }

    /// <summary>True when the current publication has more than one receiver.</summary>
    public bool IsShared { get; private set; }

    /// <summary>True once the store has something to write because of this batch.</summary>
    public bool HasRecorded { get; private set; }

    /// <summary>What has to be on disk before the current publication may be acknowledged.</summary>
    public long Position { get; private set; }

    /// <summary>True when a receiver has to be authorised for each message.</summary>
    public bool ChecksDelivery { get; private set; }

    /// <summary>Begins a batch on this thread. Batches may nest: flushing can set more in motion.</summary>
    public static DeliveryBatch Begin(MessageBroker broker)
    {
        var batch = t_idle ?? new DeliveryBatch();
        t_idle = batch._nextIdle;
        batch._metrics = broker.Metrics;
        batch.Now = broker.Clock.Now;
        batch.ChecksDelivery = broker.Authorizer.ChecksDelivery;
        batch.HasRecorded = false;
        batch.Position = 0;
        return batch;
    }

    /// <summary>When something expires that is published in this batch, on the broker's clock.</summary>
    public long ExpiresAt(uint? seconds) => seconds is { } given ? Now + (given * 1000L) : Message.NeverExpires;

    /// <summary>The next publication begins.</summary>
    public void Start(in Publication publication, Durability durability = Durability.Sync, bool isShared = false)
    {
        _kept = publication.Kept;
        Durability = durability;
        IsShared = isShared;
        Position = 0;
        Encodings.Clear();
    }

    /// <summary>The current publication is recorded in the store.</summary>
    public void Recorded(long position)
    {
        HasRecorded = true;
        if (Durability == Durability.Sync)
        {
            Position = Math.Max(Position, position);
        }
    }

    /// <summary>The current publication as an object that may be kept; made once.</summary>
    public Message Keep(in Publication publication) => _kept ??= new Message
    {
        Topic = publication.Topic.ToArray(),
        Payload = publication.Payload.ToArray(),
        Properties = publication.Properties.ToArray(),
        Qos = publication.Qos,
        Retain = publication.Retain,
        ExpiresAt = publication.ExpiresAt,
        Publisher = publication.Publisher?.ClientId ?? "",
    };

    /// <summary>The link has bytes to flush at the end of the batch. Batches of other threads may touch it too: at worst it is flushed twice.</summary>
    public void Touch(DeliveryLink link)
    {
        if (!ReferenceEquals(link.TouchedBy, this))
        {
            link.TouchedBy = this;
            _touched.Add(link);
        }
    }

    /// <summary>Flushes every touched link once.</summary>
    public void Dispose()
    {
        // Flushing may close a link and so touch others: the list can grow while it is walked.
        for (var index = 0; index < _touched.Count; index++)
        {
            _touched[index].TouchedBy = null;
            _touched[index].Flush();
        }

        _touched.Clear();
        if (_touched.Capacity > 65_536)
        {
            _touched.Capacity = 0;
        }

        _kept = null;
        Congested = null;
        Traffic.AddTo(_metrics);
        _nextIdle = t_idle;
        t_idle = this;
    }
}
