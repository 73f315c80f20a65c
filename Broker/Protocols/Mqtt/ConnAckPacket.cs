using Broker.Primitives;

namespace Broker.Protocols.Mqtt;

/// <summary>CONNACK. A property that is null is not in the packet and means its default.</summary>
internal sealed partial class ConnAckPacket
{
    public bool SessionPresent { get; set; }

    /// <summary>Connect Reason Code of 5.0.</summary>
    public ReasonCode ReasonCode { get; set; }

    /// <summary>Connect Return code of 3.1 and 3.1.1.</summary>
    public ConnectReturnCode ReturnCode { get; set; }

    public uint? SessionExpiryInterval { get; set; }

    public ushort? ReceiveMaximum { get; set; }

    public Qos? MaximumQos { get; set; }

    public bool? RetainAvailable { get; set; }

    public uint? MaximumPacketSize { get; set; }

    public string? AssignedClientIdentifier { get; set; }

    public ushort? TopicAliasMaximum { get; set; }

    public string? ReasonString { get; set; }

    public IReadOnlyList<UserProperty> UserProperties { get; set; } = [];

    public bool? WildcardSubscriptionAvailable { get; set; }

    public bool? SubscriptionIdentifierAvailable { get; set; }

    public bool? SharedSubscriptionAvailable { get; set; }

    public ushort? ServerKeepAlive { get; set; }

    public string? ResponseInformation { get; set; }

    public string? ServerReference { get; set; }

    public string? AuthenticationMethod { get; set; }

    public byte[]? AuthenticationData { get; set; }
}
