namespace Broker.Storage.Journal;

/// <summary>First byte of a change in a frame. Values are on disk: never reuse one.</summary>
internal enum ChangeKind : byte
{
    SessionAttached = 0x01,
    SessionDetached = 0x02,
    WillPublished = 0x03,
    SessionEnded = 0x04,
    Subscribed = 0x05,
    Unsubscribed = 0x06,
    SharedMessage = 0x07,
    Queued = 0x08,
    Released = 0x09,
    Removed = 0x0A,
    SequencesUsed = 0x0B,
    Received = 0x0C,
    ReceiveEnded = 0x0D,
    Retained = 0x0E,
    RetainedRemoved = 0x0F,
}
