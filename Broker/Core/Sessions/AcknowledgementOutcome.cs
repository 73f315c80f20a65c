namespace Broker.Core.Sessions;

/// <summary>What became of an acknowledgement.</summary>
internal enum AcknowledgementOutcome
{
    /// <summary>The delivery went on, or is complete.</summary>
    Accepted,

    /// <summary>No delivery has the Packet Identifier, which the client need not know.</summary>
    NotInUse,

    /// <summary>The delivery waits for another packet: the client breaks the protocol of its QoS.</summary>
    OutOfPlace,
}
