using Broker.Primitives;

namespace Broker.Protocols.Mqtt;

/// <summary>
/// Subscription Options of one filter.
/// <code>
/// options = reserved(C0) retain-handling(30) retain-as-published(08) no-local(04) qos(03)
/// </code>
/// </summary>
internal readonly record struct SubscriptionOptions(
    Qos Qos, bool NoLocal = false, bool RetainAsPublished = false, RetainHandling RetainHandling = RetainHandling.SendAtSubscribe)
{
    private const byte NoLocalBit = 0x04;
    private const byte RetainAsPublishedBit = 0x08;
    private const byte ReservedBits = 0xC0;
    private const byte QosBits = 0x03;

    public byte Encode(MqttVersion version) => version < MqttVersion.V5
        ? (byte)Qos
        : (byte)((int)Qos | (NoLocal ? NoLocalBit : 0) | (RetainAsPublished ? RetainAsPublishedBit : 0) | (int)RetainHandling << 4);

    public static SubscriptionOptions Decode(byte value, MqttVersion version)
    {
        var qos = (Qos)(value & QosBits);
        if (version < MqttVersion.V5)
        {
            // [MQTT-3.1.1: 3.8.3-4]; MQTT 3.1 leaves the upper six bits unused.
            if (qos > Qos.ExactlyOnce || (version == MqttVersion.V311 && (value & ~QosBits) != 0))
            {
                MqttProtocolException.ThrowMalformed("Requested QoS.");
            }

            return new SubscriptionOptions(qos);
        }

        if ((value & ReservedBits) != 0)
        {
            MqttProtocolException.ThrowMalformed("Reserved bits of Subscription Options."); // [MQTT-3.8.3-5]
        }

        var retainHandling = (RetainHandling)(value >> 4 & 0b11);
        if (qos > Qos.ExactlyOnce || retainHandling > RetainHandling.DoNotSend)
        {
            MqttProtocolException.ThrowProtocolError("Maximum QoS 3 or Retain Handling 3.");
        }

        return new SubscriptionOptions(qos, (value & NoLocalBit) != 0, (value & RetainAsPublishedBit) != 0, retainHandling);
    }
}
