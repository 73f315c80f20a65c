namespace Broker.Primitives;

/// <summary>Quality of Service of a message or a subscription (MQTT 5.0 section 4.3).</summary>
public enum Qos : byte
{
    /// <summary>At most once: no acknowledgement, no retry.</summary>
    AtMostOnce = 0,

    /// <summary>At least once: acknowledged with PUBACK, may arrive twice.</summary>
    AtLeastOnce = 1,

    /// <summary>Exactly once: PUBREC, PUBREL, PUBCOMP.</summary>
    ExactlyOnce = 2,
}
