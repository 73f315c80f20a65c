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

    /// <summary>Receiving what a subscription matches.</summary>
    Receive = 4,

    /// <summary>Publishing and subscribing.</summary>
    All = Publish | Subscribe,
}
