namespace Broker.Security.Acl;

/// <summary>What a rule is about.</summary>
[Flags]
internal enum AclActions : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Publishing.</summary>
    Publish = 1,

    /// <summary>Subscribing.</summary>
    Subscribe = 2,

    /// <summary>Both.</summary>
    All = Publish | Subscribe,
}
