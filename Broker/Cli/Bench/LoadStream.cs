namespace Broker.Cli.Bench;

/// <summary>One topic, or device, that messages are sent to.</summary>
internal sealed class LoadStream
{
    /// <summary>A whole frame; packet id and stamp are patched into copies of it.</summary>
    public required byte[] Frame { get; init; }

    /// <summary>Where the payload begins.</summary>
    public required int PayloadOffset { get; init; }

    /// <summary>Where the Packet Identifier is; -1 without one.</summary>
    public int PacketIdOffset { get; init; } = -1;

    public required uint Index { get; init; }

    /// <summary>Receivers of each message.</summary>
    public required int Receivers { get; init; }

    /// <summary>Bounds what is undelivered; null where only the rate does.</summary>
    public DeliveryWindow? Window { get; init; }

    /// <summary>Who sends.</summary>
    public LoadProducer? Producer { get; set; }

    /// <summary>Sequence number of the next message.</summary>
    public uint Next { get; set; }

    /// <summary>Sequence number to stop before.</summary>
    public uint Target { get; set; }

    /// <summary>True while there is something to send and room for it.</summary>
    public bool IsReady => Next < Target && Window is not { Free: <= 0 };
}
