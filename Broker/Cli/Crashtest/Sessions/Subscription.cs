using Broker.Cli.Crashtest.Audit;

namespace Broker.Cli.Crashtest.Sessions;

/// <summary>A subscription that a session has, or asks for.</summary>
/// <param name="filter">Topic Filter.</param>
/// <param name="records">What the filter matches.</param>
internal sealed class Subscription(string filter, IReadOnlyList<DeliveryRecord> records)
{
    public string Filter => filter;

    public IReadOnlyList<DeliveryRecord> Records => records;

    /// <summary>SUBACK is here, and the session has not been lost since.</summary>
    public bool IsAcknowledged { get; set; }

    /// <summary>Identifier of the SUBSCRIBE or UNSUBSCRIBE that is on its way.</summary>
    public ushort PacketId { get; set; }
}
