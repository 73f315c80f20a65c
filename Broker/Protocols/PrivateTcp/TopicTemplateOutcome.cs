namespace Broker.Protocols.PrivateTcp;

/// <summary>What became of a topic template at CONNECT. All but <see cref="Expanded"/> are answered with CONNACK 0x21.</summary>
internal enum TopicTemplateOutcome : byte
{
    /// <summary>The topic is usable.</summary>
    Expanded,

    /// <summary>The template has `%u` and the device gave no Username, or an empty one.</summary>
    UsernameMissing,

    /// <summary>`+`, `#` or NUL in a value that the template uses.</summary>
    WildcardInValue,

    /// <summary>`/` in a value that the template uses, and the settings do not allow it.</summary>
    SlashInValue,

    /// <summary>A value that the topic begins with begins with `$`: it would reach `$SYS` or name a shared subscription.</summary>
    ReservedTopic,

    /// <summary>The topic would exceed 65535 bytes.</summary>
    TooLong,
}
