using Broker.Core.Limits;
using Broker.Primitives;

namespace Broker.Core.Wills;

/// <summary>Will Message of a connection [MQTT-3.1.2-7].</summary>
/// <param name="Message">What is published; its expiry is counted from the publication on.</param>
/// <param name="DelaySeconds">Will Delay Interval.</param>
/// <param name="ExpirySeconds">Message Expiry Interval; null for none.</param>
/// <param name="Limits">Limits of its owner, for a retained one; null when an earlier process has left it.</param>
internal sealed record Will(Message Message, uint DelaySeconds, uint? ExpirySeconds, EffectiveLimits? Limits = null);
