namespace Broker.Protocols.Mqtt;

/// <summary>Connect Return codes of MQTT 3.1 and 3.1.1 (3.1.1 table 3.1).</summary>
internal enum ConnectReturnCode : byte
{
    Accepted = 0x00,
    UnacceptableProtocolVersion = 0x01,
    IdentifierRejected = 0x02,
    ServerUnavailable = 0x03,
    BadUserNameOrPassword = 0x04,
    NotAuthorized = 0x05,
}
