using Broker.Core.Ports;
using Broker.Primitives;
using Broker.Protocols.Mqtt;

namespace Broker.Gateways.Mqtt;

/// <summary>Between Core's outcomes and the codes of the wire.</summary>
internal static class ReasonCodeMap
{
    /// <summary>CONNACK code for an authentication that did not succeed.</summary>
    public static ReasonCode Of(AuthenticationOutcome outcome) => outcome switch
    {
        AuthenticationOutcome.BadCredentials => ReasonCode.BadUserNameOrPassword,
        AuthenticationOutcome.ClientIdRejected => ReasonCode.ClientIdentifierNotValid,
        AuthenticationOutcome.Banned => ReasonCode.Banned,
        AuthenticationOutcome.Unavailable => ReasonCode.ServerUnavailable,
        AuthenticationOutcome.ServerBusy => ReasonCode.ServerBusy,
        AuthenticationOutcome.UseAnotherServer => ReasonCode.UseAnotherServer,
        AuthenticationOutcome.ServerMoved => ReasonCode.ServerMoved,
        _ => ReasonCode.NotAuthorized,
    };

    /// <summary>Why a connection is closed whose client did not authenticate again.</summary>
    public static CloseReason CloseReasonOf(AuthenticationOutcome outcome) => outcome switch
    {
        AuthenticationOutcome.ServerBusy or AuthenticationOutcome.Unavailable => CloseReason.ServerBusy,
        AuthenticationOutcome.UseAnotherServer => CloseReason.UseAnotherServer,
        AuthenticationOutcome.ServerMoved => CloseReason.ServerMoved,
        _ => CloseReason.NotAuthorized,
    };

    /// <summary>Why a connection is closed after a fault with this code.</summary>
    public static CloseReason CloseReasonOf(ReasonCode code) => code switch
    {
        ReasonCode.MalformedPacket => CloseReason.MalformedPacket,
        ReasonCode.PacketTooLarge => CloseReason.PacketTooLarge,
        ReasonCode.ReceiveMaximumExceeded => CloseReason.ReceiveMaximumExceeded,
        ReasonCode.TopicAliasInvalid => CloseReason.TopicAliasInvalid,
        ReasonCode.TopicNameInvalid => CloseReason.TopicNameInvalid,
        ReasonCode.TopicFilterInvalid => CloseReason.TopicFilterInvalid,
        ReasonCode.QosNotSupported => CloseReason.QosNotSupported,
        ReasonCode.RetainNotSupported => CloseReason.RetainNotSupported,
        ReasonCode.SharedSubscriptionsNotSupported => CloseReason.SharedSubscriptionsNotSupported,
        ReasonCode.SubscriptionIdentifiersNotSupported => CloseReason.SubscriptionIdentifiersNotSupported,
        ReasonCode.WildcardSubscriptionsNotSupported => CloseReason.WildcardSubscriptionsNotSupported,
        ReasonCode.QuotaExceeded => CloseReason.QuotaExceeded,
        ReasonCode.NotAuthorized => CloseReason.NotAuthorized,
        ReasonCode.PayloadFormatInvalid => CloseReason.PayloadFormatInvalid,
        _ => CloseReason.ProtocolError,
    };

    /// <summary>Why a packet is refused, for people; null when the code alone says enough.</summary>
    public static string? ReasonStringOf(ReasonCode code) => code switch
    {
        ReasonCode.NotAuthorized => "the access rules do not allow it",
        ReasonCode.TopicNameInvalid => "the topic is too long or has too many levels",
        ReasonCode.TopicFilterInvalid => "the filter is too long or has too many levels",
        ReasonCode.QuotaExceeded => "a limit is reached, or it cannot be stored",
        ReasonCode.PayloadFormatInvalid => "the payload is not UTF-8",
        ReasonCode.PacketIdentifierInUse => "the Packet Identifier belongs to a QoS 2 publish that is not complete",
        _ => null,
    };

    /// <summary>Reason code of the DISCONNECT that the broker sends; false when it sends none.</summary>
    public static bool TryDisconnectCode(CloseReason reason, out ReasonCode code)
    {
        code = reason switch
        {
            CloseReason.MalformedPacket => ReasonCode.MalformedPacket,
            CloseReason.ProtocolError => ReasonCode.ProtocolError,
            CloseReason.SessionTakenOver => ReasonCode.SessionTakenOver,
            CloseReason.KeepAliveTimeout => ReasonCode.KeepAliveTimeout,
            CloseReason.ServerShuttingDown => ReasonCode.ServerShuttingDown,
            CloseReason.PacketTooLarge => ReasonCode.PacketTooLarge,
            CloseReason.ReceiveMaximumExceeded => ReasonCode.ReceiveMaximumExceeded,
            CloseReason.QuotaExceeded => ReasonCode.QuotaExceeded,
            CloseReason.NotAuthorized => ReasonCode.NotAuthorized,
            CloseReason.AdministrativeAction => ReasonCode.AdministrativeAction,
            CloseReason.TopicNameInvalid => ReasonCode.TopicNameInvalid,
            CloseReason.TopicFilterInvalid => ReasonCode.TopicFilterInvalid,
            CloseReason.TopicAliasInvalid => ReasonCode.TopicAliasInvalid,
            CloseReason.QosNotSupported => ReasonCode.QosNotSupported,
            CloseReason.RetainNotSupported => ReasonCode.RetainNotSupported,
            CloseReason.SharedSubscriptionsNotSupported => ReasonCode.SharedSubscriptionsNotSupported,
            CloseReason.SubscriptionIdentifiersNotSupported => ReasonCode.SubscriptionIdentifiersNotSupported,
            CloseReason.WildcardSubscriptionsNotSupported => ReasonCode.WildcardSubscriptionsNotSupported,
            CloseReason.SlowConsumer => ReasonCode.QuotaExceeded,
            CloseReason.PayloadFormatInvalid => ReasonCode.PayloadFormatInvalid,
            CloseReason.ConnectionError => ReasonCode.UnspecifiedError,
            CloseReason.ServerBusy => ReasonCode.ServerBusy,
            CloseReason.UseAnotherServer => ReasonCode.UseAnotherServer,
            CloseReason.ServerMoved => ReasonCode.ServerMoved,
            _ => ReasonCode.Success,
        };
        return code != ReasonCode.Success;
    }
}
