using Broker.Primitives;

namespace Broker.Tests.Conformance.Model;

/// <summary>One message on its way to one client, as the specification sees it.</summary>
internal sealed class ModelDelivery(string topic, string payload, Qos qos, bool retain)
{
    public Qos Qos => qos;

    /// <summary>Packet Identifier, learnt from the broker.</summary>
    public ushort PacketId { get; set; }

    /// <summary>True once PUBREC has been answered: from then on only PUBREL is sent again.</summary>
    public bool Released { get; set; }

    /// <summary>What the client has to see, with # in place of the Packet Identifier.</summary>
    public string Expected(bool again) => again && Released
        ? "PUBREL # 00"
        : $"PUBLISH {topic} {payload}{(qos == Qos.AtMostOnce ? "" : $" q{(int)qos} #")}{(retain ? " retain" : "")}{(again ? " dup" : "")}";
}
