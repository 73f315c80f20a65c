using Broker.Primitives;

namespace Broker.Protocols.Mqtt;

/// <summary>Connect Flags (MQTT 5.0 section 3.1.2.3).</summary>
internal readonly struct ConnectFlags(byte value)
{
    private const byte ReservedBit = 0x01;
    private const byte CleanStartBit = 0x02;
    private const byte WillBit = 0x04;
    private const byte WillRetainBit = 0x20;
    private const byte PasswordBit = 0x40;
    private const byte UsernameBit = 0x80;

    public byte Value => value;

    public bool CleanStart => (value & CleanStartBit) != 0;

    public bool Will => (value & WillBit) != 0;

    public Qos WillQos => (Qos)(value >> 3 & 0b11);

    public bool WillRetain => (value & WillRetainBit) != 0;

    public bool Password => (value & PasswordBit) != 0;

    public bool Username => (value & UsernameBit) != 0;

    public static ConnectFlags Of(ConnectPacket packet)
    {
        var value = packet.CleanStart ? CleanStartBit : 0;
        if (packet.Will is { } will)
        {
            value |= WillBit | (int)will.Qos << 3 | (will.Retain ? WillRetainBit : 0);
        }

        value |= packet.Username is null ? 0 : UsernameBit;
        value |= packet.Password is null ? 0 : PasswordBit;
        return new ConnectFlags((byte)value);
    }

    public void Validate(MqttVersion version)
    {
        if (Will && WillQos > Qos.ExactlyOnce)
        {
            MqttProtocolException.ThrowMalformed("Will QoS 3."); // [MQTT-3.1.2-12]
        }

        if (Password && !Username && version != MqttVersion.V5)
        {
            MqttProtocolException.ThrowProtocolError("Password without User Name."); // [MQTT-3.1.1: 3.1.2-22]
        }

        // MQTT 3.1 has the reserved bit unused and gives the Will bits no meaning without Will Flag.
        if (version == MqttVersion.V31)
        {
            return;
        }

        if ((value & ReservedBit) != 0)
        {
            MqttProtocolException.ThrowMalformed("Reserved Connect Flag."); // [MQTT-3.1.2-3]
        }

        if (!Will && (WillRetain || WillQos != Qos.AtMostOnce))
        {
            MqttProtocolException.ThrowMalformed("Will QoS or Will Retain without Will Flag."); // [MQTT-3.1.2-11] [MQTT-3.1.2-13]
        }
    }
}
