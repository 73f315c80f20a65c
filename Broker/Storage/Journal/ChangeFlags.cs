namespace Broker.Storage.Journal;

/// <summary>Flags of the records in a frame. The two lowest bits of messages and terms are their QoS.</summary>
internal static class ChangeFlags
{
    public const int QosMask = 0x03;
    public const int Retain = 0x04;

    public const int MessageExpires = 0x08;

    public const int TermsHaveIdentifiers = 0x08;
    public const int TermsHaveGroup = 0x10;

    public const int SubscriptionNoLocal = 0x04;
    public const int SubscriptionRetainAsPublished = 0x08;
    public const int SubscriptionRetainHandlingShift = 4;

    public const int SessionHasUsername = 0x01;
    public const int SessionHasWill = 0x02;
    public const int WillExpires = 0x04;
}
