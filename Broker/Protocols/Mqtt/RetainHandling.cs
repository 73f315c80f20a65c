namespace Broker.Protocols.Mqtt;

/// <summary>Retain Handling of a subscription (MQTT 5.0 section 3.8.3.1): when retained messages are sent.</summary>
internal enum RetainHandling : byte
{
    /// <summary>At every SUBSCRIBE.</summary>
    SendAtSubscribe = 0,

    /// <summary>Only if the subscription did not exist.</summary>
    SendIfNew = 1,

    /// <summary>Never.</summary>
    DoNotSend = 2,
}
