using Broker.Primitives;

namespace Broker.Core.Topics;

/// <summary>Subscription Options (MQTT 5.0 section 3.8.3.1).</summary>
/// <param name="Qos">Maximum QoS of deliveries [MQTT-3.8.4-8].</param>
/// <param name="NoLocal">Do not deliver what this client published itself [MQTT-3.8.3-3].</param>
/// <param name="RetainAsPublished">Keep the RETAIN flag as published [MQTT-3.3.1-13].</param>
/// <param name="RetainHandling">When retained messages are sent [MQTT-3.3.1-9].</param>
internal readonly record struct SubscriptionOptions(
    Qos Qos,
    bool NoLocal = false,
    bool RetainAsPublished = false,
    RetainHandling RetainHandling = RetainHandling.Send);
