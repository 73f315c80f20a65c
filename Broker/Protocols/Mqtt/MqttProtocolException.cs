using System.Diagnostics.CodeAnalysis;

namespace Broker.Protocols.Mqtt;

/// <summary>A Malformed Packet or a Protocol Error (MQTT 5.0 section 4.13), with the Reason Code that answers it.</summary>
internal sealed class MqttProtocolException(ReasonCode code, string message) : Exception(message)
{
    public ReasonCode ReasonCode { get; } = code;

    [DoesNotReturn]
    public static void Throw(ReasonCode code, string message) => throw new MqttProtocolException(code, message);

    [DoesNotReturn]
    public static void ThrowMalformed(string message) => throw new MqttProtocolException(ReasonCode.MalformedPacket, message);

    [DoesNotReturn]
    public static void ThrowProtocolError(string message) => throw new MqttProtocolException(ReasonCode.ProtocolError, message);
}
