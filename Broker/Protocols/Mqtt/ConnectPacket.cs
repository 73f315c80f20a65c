namespace Broker.Protocols.Mqtt;

/// <summary>CONNECT. Properties that a version does not have keep their defaults.</summary>
internal sealed partial class ConnectPacket
{
    public MqttVersion Version { get; set; } = MqttVersion.V5;

    /// <summary>MQIsdp before 3.1.1, MQTT since.</summary>
    public string ProtocolName => Version == MqttVersion.V31 ? "MQIsdp" : "MQTT";

    /// <summary>Clean Start of 5.0, Clean Session before.</summary>
    public bool CleanStart { get; set; }

    /// <summary>Keep Alive in seconds; 0 turns it off.</summary>
    public ushort KeepAlive { get; set; }

    public string ClientId { get; set; } = "";

    public string? Username { get; set; }

    public byte[]? Password { get; set; }

    public WillPacket? Will { get; set; }

    /// <summary>Session Expiry Interval in seconds; 0xFFFFFFFF for never.</summary>
    public uint SessionExpiryInterval { get; set; }

    public ushort ReceiveMaximum { get; set; } = ushort.MaxValue;

    /// <summary>Maximum Packet Size; null for no limit.</summary>
    public uint? MaximumPacketSize { get; set; }

    public ushort TopicAliasMaximum { get; set; }

    public bool RequestResponseInformation { get; set; }

    public bool RequestProblemInformation { get; set; } = true;

    public IReadOnlyList<UserProperty> UserProperties { get; set; } = [];

    public string? AuthenticationMethod { get; set; }

    public byte[]? AuthenticationData { get; set; }
}
