using System.Buffers;

namespace Broker.Protocols.Mqtt;

internal static partial class MqttWriter
{
    private const byte SubscribeFlags = 0b0010; // [MQTT-3.8.1-1] [MQTT-3.10.1-1]

    /// <summary>
    /// Writes a SUBSCRIBE.
    /// <code>
    /// subscribe = header packet-id(2) [properties, 5.0] 1*(filter(string) options(1))
    /// </code>
    /// </summary>
    public static void WriteSubscribe(
        IBufferWriter<byte> destination,
        MqttVersion version,
        ushort packetId,
        IReadOnlyList<(string Filter, SubscriptionOptions Options)> subscriptions,
        uint subscriptionIdentifier = 0,
        IReadOnlyList<UserProperty>? userProperties = null)
    {
        var body = BodyWriter.Begin();
        body.UInt16(packetId);
        if (version == MqttVersion.V5)
        {
            var properties = BodyWriter.Begin();
            if (subscriptionIdentifier != 0)
            {
                properties.Byte((byte)PropertyId.SubscriptionIdentifier);
                properties.VariableByte(subscriptionIdentifier);
            }

            properties.Properties(userProperties ?? []);
            body.Section(properties);
        }

        foreach (var (filter, options) in subscriptions)
        {
            body.Text(filter);
            body.Byte(options.Encode(version));
        }

        body.CopyTo(destination, PacketType.Subscribe, SubscribeFlags);
    }

    /// <summary>
    /// Writes an UNSUBSCRIBE.
    /// <code>
    /// unsubscribe = header packet-id(2) [properties, 5.0] 1*filter(string)
    /// </code>
    /// </summary>
    public static void WriteUnsubscribe(
        IBufferWriter<byte> destination,
        MqttVersion version,
        ushort packetId,
        IReadOnlyList<string> filters,
        IReadOnlyList<UserProperty>? userProperties = null)
    {
        var body = BodyWriter.Begin();
        body.UInt16(packetId);
        if (version == MqttVersion.V5)
        {
            var properties = BodyWriter.Begin();
            properties.Properties(userProperties ?? []);
            body.Section(properties);
        }

        foreach (var filter in filters)
        {
            body.Text(filter);
        }

        body.CopyTo(destination, PacketType.Unsubscribe, SubscribeFlags);
    }
}
