using Broker.Primitives;

namespace Broker.Gateways.PrivateTcp;

/// <summary>A downlink whose frame is appended, but not yet taken by the socket.</summary>
/// <param name="End">Where its frame ends, in bytes since the connection began.</param>
/// <param name="PacketId">The session's identifier of the delivery; 0 at QoS 0.</param>
/// <param name="Qos">QoS of the delivery.</param>
internal readonly record struct UndeliveredDownlink(long End, ushort PacketId, Qos Qos);
