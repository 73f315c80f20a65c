namespace Broker.Protocols.Mqtt;

internal static partial class MqttWriter
{
    /// <summary>PINGREQ, whole.</summary>
    public static ReadOnlySpan<byte> PingReq => [(byte)PacketType.PingReq << 4, 0];

    /// <summary>PINGRESP, whole.</summary>
    public static ReadOnlySpan<byte> PingResp => [(byte)PacketType.PingResp << 4, 0];
}
