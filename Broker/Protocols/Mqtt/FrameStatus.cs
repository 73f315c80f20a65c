namespace Broker.Protocols.Mqtt;

/// <summary>What came of looking for a packet at the start of a buffer.</summary>
internal enum FrameStatus : byte
{
    /// <summary>The whole packet is there.</summary>
    Done,

    /// <summary>The packet, or its fixed header, is not complete yet.</summary>
    NeedMore,

    /// <summary>No packet can begin with these bytes: Reason Code 0x81.</summary>
    Malformed,

    /// <summary>The fixed header announces more than the Maximum Packet Size: Reason Code 0x95.</summary>
    TooLarge,
}
