using Broker.Core.Sessions;
using Broker.Primitives;

namespace Broker.Core.Routing;

/// <summary>
/// One message on its way through the router. It refers to the publisher's receive buffer, so nothing is copied or allocated for receivers
/// that take it at once; <see cref="DeliveryBatch.Keep"/> makes a <see cref="Message"/> for those that do not.
/// </summary>
internal readonly ref struct Publication
{
    /// <summary>Topic Name, validated.</summary>
    public required ReadOnlySpan<byte> Topic { get; init; }

    /// <summary>Application Message.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>Properties that travel with the message, see <see cref="Message.Properties"/>.</summary>
    public ReadOnlySpan<byte> Properties { get; init; }

    /// <summary>QoS it was published with.</summary>
    public Qos Qos { get; init; }

    /// <summary>RETAIN flag it was published with.</summary>
    public bool Retain { get; init; }

    /// <summary>When it expires, on the broker's clock.</summary>
    public long ExpiresAt { get; init; }

    /// <summary>The publisher's session, for No Local; null when the broker itself publishes.</summary>
    public Session? Publisher { get; init; }

    /// <summary>The same message where it exists as an object already.</summary>
    public Message? Kept { get; init; }

    /// <summary>The frame as it arrived, when receivers of the same <see cref="ArrivedForm"/> can be given it unchanged.</summary>
    public ReadOnlySpan<byte> ArrivedFrame { get; init; }

    /// <summary>Form of <see cref="ArrivedFrame"/>; <see cref="EncodingCache.NoForm"/> without one.</summary>
    public int ArrivedForm { get; init; }

    /// <summary>What it counts against byte limits, see <see cref="Message.Size"/>.</summary>
    public int Size => Topic.Length + Properties.Length + Payload.Length;

    /// <summary>Wraps a message that exists as an object.</summary>
    public static Publication Of(Message message) => new()
    {
        Topic = message.Topic.Span,
        Payload = message.Payload.Span,
        Properties = message.Properties.Span,
        Qos = message.Qos,
        Retain = message.Retain,
        ExpiresAt = message.ExpiresAt,
        Kept = message,
        ArrivedForm = EncodingCache.NoForm,
    };
}
