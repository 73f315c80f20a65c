namespace Broker.Protocols.Mqtt;

/// <summary>Protocol Version (protocol level) of a CONNECT. Values order the versions.</summary>
internal enum MqttVersion : byte
{
    /// <summary>MQTT 3.1, protocol name MQIsdp.</summary>
    V31 = 3,

    /// <summary>MQTT 3.1.1.</summary>
    V311 = 4,

    /// <summary>MQTT 5.0.</summary>
    V5 = 5,
}
