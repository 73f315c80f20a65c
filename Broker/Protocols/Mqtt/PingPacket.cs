namespace Broker.Protocols.Mqtt;

/// <summary>PINGREQ and PINGRESP: a fixed header, nothing else.</summary>
internal static class PingPacket
{
    /// <summary>Validates a PINGREQ or PINGRESP.</summary>
    /// <exception cref="MqttProtocolException">The packet is malformed.</exception>
    public static void Read(in MqttFrame frame, MqttVersion version)
    {
        frame.CheckFlags(version);
        new MqttReader(frame.Body).RequireEnd();
    }
}
