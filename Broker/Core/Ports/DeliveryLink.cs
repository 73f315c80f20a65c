using Broker.Core.Routing;
using Broker.Core.Sessions;
using Broker.Primitives;

namespace Broker.Core.Ports;

/// <summary>
/// The connection of a session as Core sees it: frames are appended under the session's lock and leave together when the batch flushes.
/// Nothing here blocks.
/// </summary>
internal abstract class DeliveryLink
{
    /// <summary>The batch that has this link on its list already.</summary>
    internal DeliveryBatch? TouchedBy { get; set; }

    /// <summary>QoS 1 and 2 publishes that may be unacknowledged towards this client [MQTT-3.3.4-9].</summary>
    public abstract int ReceiveMaximum { get; }

    /// <summary>What the client speaks.</summary>
    public abstract ClientProtocol Protocol { get; }

    /// <summary>The session is attached. Called under its lock, before anything else is appended, so that CONNACK comes first [MQTT-3.2.0-1].</summary>
    public abstract void OnAttached(Session session, bool sessionPresent);

    /// <summary>Appends one publication.</summary>
    public abstract AppendOutcome AppendPublish(in Publication publication, in DeliveryTerms terms, DeliveryBatch batch);

    /// <summary>
    /// False while the client has not read much of what was appended; the session hears when it has (<see cref="Session.OnDrained"/>). False for
    /// good when the connection ends.
    /// </summary>
    public abstract bool HasRoomForMore();

    /// <summary>Appends the release of a QoS 2 delivery (PUBREL).</summary>
    public abstract void AppendRelease(ushort packetId);

    /// <summary>Sends what is appended, as far as the socket takes it.</summary>
    public abstract void Flush();

    /// <summary>Ends the connection. Safe from any thread, at any time, more than once.</summary>
    public abstract void Close(CloseReason reason, string? detail = null);
}
