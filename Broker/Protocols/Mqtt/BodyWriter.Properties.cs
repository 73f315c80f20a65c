using System.Text;

namespace Broker.Protocols.Mqtt;

/// <content>Properties; null values are left out.</content>
internal sealed partial class BodyWriter
{
    public void Property(PropertyId id, byte? value)
    {
        if (value is { } present)
        {
            Byte((byte)id);
            Byte(present);
        }
    }

    public void Property(PropertyId id, bool? value)
    {
        if (value is { } present)
        {
            Byte((byte)id);
            Byte(present ? (byte)1 : (byte)0);
        }
    }

    public void Property(PropertyId id, ushort? value)
    {
        if (value is { } present)
        {
            Byte((byte)id);
            UInt16(present);
        }
    }

    public void Property(PropertyId id, uint? value)
    {
        if (value is { } present)
        {
            Byte((byte)id);
            UInt32(present);
        }
    }

    public void Property(PropertyId id, string? value)
    {
        if (value is not null)
        {
            Byte((byte)id);
            Text(value);
        }
    }

    public void Property(PropertyId id, byte[]? value)
    {
        if (value is not null)
        {
            Byte((byte)id);
            Binary(value);
        }
    }

    public void Properties(IReadOnlyList<UserProperty> userProperties)
    {
        foreach (var (name, value) in userProperties)
        {
            Byte((byte)PropertyId.UserProperty);
            Text(name);
            Text(value);
        }
    }

    /// <summary>
    /// Ends a property section with Reason String and User Properties, each only if the packet stays within the receiver's Maximum Packet
    /// Size [MQTT-3.2.2-19] [MQTT-3.2.2-20] [MQTT-3.4.2-2] [MQTT-3.4.2-3] [MQTT-3.5.2-2] [MQTT-3.5.2-3]
    /// [MQTT-3.6.2-2] [MQTT-3.6.2-3] [MQTT-3.7.2-2] [MQTT-3.7.2-3] [MQTT-3.9.2-1] [MQTT-3.9.2-2] [MQTT-3.11.2-1] [MQTT-3.11.2-2]
    /// [MQTT-3.14.2-3] [MQTT-3.14.2-4] [MQTT-3.15.2-2] [MQTT-3.15.2-3].
    /// </summary>
    /// <param name="reasonString">Reason String.</param>
    /// <param name="userProperties">User Properties: all of them or none.</param>
    /// <param name="otherLength">Length of the body without its property section.</param>
    /// <param name="maximumPacketSize">Longest packet the receiver takes.</param>
    public void Diagnostics(
        string? reasonString, IReadOnlyList<UserProperty> userProperties, int otherLength, uint maximumPacketSize)
    {
        if (reasonString is not null && Fits(1 + TextSize(reasonString), otherLength, maximumPacketSize))
        {
            Property(PropertyId.ReasonString, reasonString);
        }

        if (Fits(userProperties.Sum(property => 1L + TextSize(property.Name) + TextSize(property.Value)), otherLength, maximumPacketSize))
        {
            Properties(userProperties);
        }
    }

    private static int TextSize(string text) => sizeof(ushort) + Encoding.UTF8.GetByteCount(text);

    private bool Fits(long added, int otherLength, uint maximumPacketSize)
    {
        var section = Length + added;
        if (section > VariableByteInteger.MaximumValue - otherLength - VariableByteInteger.MaximumSize)
        {
            return false;
        }

        return MqttWriter.PacketSize(otherLength + VariableByteInteger.Size((uint)section) + (int)section) <= maximumPacketSize;
    }
}
