namespace Broker.Core.Routing;

/// <summary>What became of a publication that was given to a link.</summary>
internal enum AppendOutcome : byte
{
    /// <summary>It leaves with the next flush.</summary>
    Appended,

    /// <summary>It cannot be sent to this client at all: above its Maximum Packet Size [MQTT-3.1.2-24], or not expressible in its protocol.</summary>
    TooLarge,

    /// <summary>Too much is waiting for this client's socket.</summary>
    Full,
}
