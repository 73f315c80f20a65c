namespace Broker.Protocols.Mqtt;

/// <summary>Which side sent a packet; a few fields are allowed from one side only.</summary>
internal enum PacketSender : byte
{
    Client,
    Server,
}
