namespace Broker.Core.Topics;

/// <summary>Retain Handling of a subscription (MQTT 5.0 section 3.8.3.1).</summary>
internal enum RetainHandling : byte
{
    /// <summary>Send retained messages at every SUBSCRIBE [MQTT-3.3.1-9].</summary>
    Send = 0,

    /// <summary>Send them only if the subscription did not exist [MQTT-3.3.1-10].</summary>
    SendIfNew = 1,

    /// <summary>Do not send them [MQTT-3.3.1-11].</summary>
    DoNotSend = 2,
}
