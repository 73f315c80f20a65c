using Broker.Core.Ports;

namespace Broker.Security.Acl;

/// <summary>One rule, of an ACL file or of a client.</summary>
internal sealed class AclRule
{
    /// <summary>Value of <see cref="Line"/> for a rule that is not from a file but the client's own.</summary>
    public const int NoLine = 0;

    /// <summary>QoS 0, 1 and 2 as bits.</summary>
    public const byte EveryQos = 0b111;

    /// <summary>Place among the rules; the first one that matches decides.</summary>
    public int Order { get; init; }

    /// <summary>Line number in the file, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>The line as it stands in the file.</summary>
    public required string Text { get; init; }

    /// <summary>True for allow, false for deny.</summary>
    public required bool Allows { get; init; }

    /// <summary>The rule is evaluated, logged and counted, but not enforced.</summary>
    public bool IsShadow { get; init; }

    /// <summary>Whom it is about.</summary>
    public required AclWho Who { get; init; }

    /// <summary>What it is about.</summary>
    public required AclActions Actions { get; init; }

    /// <summary>The QoS it is about, as bits.</summary>
    public byte QosMask { get; init; } = EveryQos;

    /// <summary>It is about messages with RETAIN set only.</summary>
    public bool OnlyRetained { get; init; }

    /// <summary>The topics it is about.</summary>
    public required AclPattern Pattern { get; init; }

    /// <summary>True when rule and request agree in everything but client and topic.</summary>
    public bool AppliesTo(in AclRequest request) =>
        (Actions & request.Flag) != 0
        && ((QosMask >> (int)request.Qos) & 1) != 0
        && (!OnlyRetained || (request.Retain && request.Action != TopicAction.Subscribe))
        && (!IsShadow || request.WithShadow);

    public override string ToString() => Line == NoLine ? $"the client's own rule: {Text}" : $"line {Line}: {Text}";
}
