namespace Broker.Core.Sessions;

/// <summary>What an outgoing QoS 1 or 2 delivery waits for.</summary>
internal enum InflightState : byte
{
    /// <summary>The slot is free.</summary>
    Free,

    /// <summary>PUBACK (QoS 1) or PUBREC (QoS 2) [MQTT-4.3.2-3] [MQTT-4.3.3-3].</summary>
    Published,

    /// <summary>PUBCOMP.</summary>
    Released,
}
