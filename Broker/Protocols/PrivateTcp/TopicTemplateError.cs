namespace Broker.Protocols.PrivateTcp;

/// <summary>Why a topic template was refused.</summary>
internal enum TopicTemplateError : byte
{
    /// <summary>The template is valid.</summary>
    None,

    /// <summary>The template is empty.</summary>
    Empty,

    /// <summary>`%` that is not followed by `c` or `u`.</summary>
    UnknownPlaceholder,

    /// <summary>`+`, `#` or NUL.</summary>
    InvalidTopic,
}
