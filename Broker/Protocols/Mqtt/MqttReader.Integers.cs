using System.Buffers.Binary;
using Broker.Primitives;

namespace Broker.Protocols.Mqtt;

internal ref partial struct MqttReader
{
    public byte ReadByte() => Take(1)[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public uint ReadVariableByteInteger()
    {
        if (VariableByteInteger.TryRead(_rest, out var value, out var size) != FrameStatus.Done)
        {
            MqttProtocolException.ThrowMalformed("Variable Byte Integer."); // [MQTT-1.5.5-1]
        }

        _rest = _rest[size..];
        return value;
    }

    /// <summary>A byte that may only be 0 or 1.</summary>
    public bool ReadBoolean()
    {
        var value = ReadByte();
        if (value > 1)
        {
            MqttProtocolException.ThrowProtocolError("A value other than 0 or 1.");
        }

        return value == 1;
    }

    /// <summary>A Packet Identifier: never 0 [MQTT-2.2.1-3].</summary>
    public ushort ReadPacketId()
    {
        var value = ReadUInt16();
        if (value == 0)
        {
            MqttProtocolException.ThrowProtocolError("Packet Identifier 0.");
        }

        return value;
    }

    /// <summary>A Subscription Identifier: 1 to 268,435,455.</summary>
    public uint ReadSubscriptionIdentifier()
    {
        var value = ReadVariableByteInteger();
        if (value == 0)
        {
            MqttProtocolException.ThrowProtocolError("Subscription Identifier 0.");
        }

        return value;
    }

    /// <summary>A Two Byte or Four Byte limit that may not be 0.</summary>
    public ushort ReadReceiveMaximum()
    {
        var value = ReadUInt16();
        if (value == 0)
        {
            MqttProtocolException.ThrowProtocolError("Receive Maximum 0.");
        }

        return value;
    }

    public uint ReadMaximumPacketSize()
    {
        var value = ReadUInt32();
        if (value == 0)
        {
            MqttProtocolException.ThrowProtocolError("Maximum Packet Size 0.");
        }

        return value;
    }

    public Qos ReadMaximumQos() => ReadBoolean() ? Qos.AtLeastOnce : Qos.AtMostOnce;
}
