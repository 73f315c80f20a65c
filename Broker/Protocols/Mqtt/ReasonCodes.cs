namespace Broker.Protocols.Mqtt;

/// <summary>Which Reason Codes a packet may carry, and what they become before 5.0.</summary>
internal static class ReasonCodes
{
    /// <summary>True for codes that report failure.</summary>
    public static bool IsError(this ReasonCode code) => (byte)code >= 0x80;

    /// <summary>True when the table of the packet type has the code.</summary>
    public static bool IsAllowedIn(this ReasonCode code, PacketType type) => type switch
    {
        PacketType.ConnAck => IsConnAck(code), // [MQTT-3.2.2-8]
        PacketType.PubAck or PacketType.PubRec => IsPubAckOrPubRec(code), // [MQTT-3.4.2-1] [MQTT-3.5.2-1]
        PacketType.PubRel or PacketType.PubComp =>
            code is ReasonCode.Success or ReasonCode.PacketIdentifierNotFound, // [MQTT-3.6.2-1] [MQTT-3.7.2-1]
        PacketType.SubAck => IsSubAck(code), // [MQTT-3.9.3-2]
        PacketType.UnsubAck => IsUnsubAck(code), // [MQTT-3.11.3-2]
        PacketType.Disconnect => IsDisconnect(code), // [MQTT-3.14.2-1]
        PacketType.Auth =>
            code is ReasonCode.Success or ReasonCode.ContinueAuthentication or ReasonCode.ReAuthenticate, // [MQTT-3.15.2-1]
        _ => false,
    };

    /// <summary>
    /// The Connect Return code that says the same in MQTT 3.1 and 3.1.1. False when there is none: the connection is then closed without
    /// a CONNACK [MQTT-3.1.1: 3.2.2-6].
    /// </summary>
    public static bool TryGetReturnCode(this ReasonCode code, out ConnectReturnCode returnCode)
    {
        returnCode = code switch
        {
            ReasonCode.Success => ConnectReturnCode.Accepted,
            ReasonCode.UnsupportedProtocolVersion => ConnectReturnCode.UnacceptableProtocolVersion,
            ReasonCode.ClientIdentifierNotValid => ConnectReturnCode.IdentifierRejected,
            ReasonCode.BadAuthenticationMethod => ConnectReturnCode.BadUserNameOrPassword,
            // 0x04 is for data that is malformed (section 3.2.2.3 of 3.1.1)
            ReasonCode.NotAuthorized or ReasonCode.Banned or ReasonCode.BadUserNameOrPassword => ConnectReturnCode.NotAuthorized,
            ReasonCode.ServerUnavailable or ReasonCode.ServerBusy or ReasonCode.QuotaExceeded or ReasonCode.ConnectionRateExceeded
                or ReasonCode.UseAnotherServer or ReasonCode.ServerMoved => ConnectReturnCode.ServerUnavailable,
            _ => (ConnectReturnCode)byte.MaxValue,
        };
        return returnCode != (ConnectReturnCode)byte.MaxValue;
    }

    /// <summary>Throws when the table of the packet type does not have the code.</summary>
    public static void RequireAllowedIn(this ReasonCode code, PacketType type)
    {
        if (!code.IsAllowedIn(type))
        {
            MqttProtocolException.ThrowProtocolError("A Reason Code that this packet cannot have.");
        }
    }

    private static bool IsConnAck(ReasonCode code) => code is ReasonCode.Success
        or (>= ReasonCode.UnspecifiedError and <= ReasonCode.Banned)
        or ReasonCode.BadAuthenticationMethod or ReasonCode.TopicNameInvalid or ReasonCode.PacketTooLarge or ReasonCode.QuotaExceeded
        or (>= ReasonCode.PayloadFormatInvalid and <= ReasonCode.ServerMoved)
        or ReasonCode.ConnectionRateExceeded;

    private static bool IsPubAckOrPubRec(ReasonCode code) => code is ReasonCode.Success or ReasonCode.NoMatchingSubscribers
        or ReasonCode.UnspecifiedError or ReasonCode.ImplementationSpecificError or ReasonCode.NotAuthorized
        or ReasonCode.TopicNameInvalid or ReasonCode.PacketIdentifierInUse or ReasonCode.QuotaExceeded or ReasonCode.PayloadFormatInvalid;

    private static bool IsSubAck(ReasonCode code) => code is <= ReasonCode.GrantedQos2
        or ReasonCode.UnspecifiedError or ReasonCode.ImplementationSpecificError or ReasonCode.NotAuthorized
        or ReasonCode.TopicFilterInvalid or ReasonCode.PacketIdentifierInUse or ReasonCode.QuotaExceeded
        or ReasonCode.SharedSubscriptionsNotSupported or ReasonCode.SubscriptionIdentifiersNotSupported
        or ReasonCode.WildcardSubscriptionsNotSupported;

    private static bool IsUnsubAck(ReasonCode code) => code is ReasonCode.Success or ReasonCode.NoSubscriptionExisted
        or ReasonCode.UnspecifiedError or ReasonCode.ImplementationSpecificError or ReasonCode.NotAuthorized
        or ReasonCode.TopicFilterInvalid or ReasonCode.PacketIdentifierInUse;

    private static bool IsDisconnect(ReasonCode code) => code is ReasonCode.NormalDisconnection or ReasonCode.DisconnectWithWillMessage
        or (>= ReasonCode.UnspecifiedError and <= ReasonCode.ImplementationSpecificError)
        or ReasonCode.NotAuthorized or ReasonCode.ServerBusy or ReasonCode.ServerShuttingDown
        or (>= ReasonCode.KeepAliveTimeout and <= ReasonCode.TopicNameInvalid)
        or (>= ReasonCode.ReceiveMaximumExceeded and <= ReasonCode.WildcardSubscriptionsNotSupported);
}
