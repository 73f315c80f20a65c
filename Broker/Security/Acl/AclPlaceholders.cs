namespace Broker.Security.Acl;

/// <summary>What stands for something else in the filter of a rule.</summary>
internal enum AclPlaceholders : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>`%c` and `%u`.</summary>
    Names,

    /// <summary>These, and `{claim}`.</summary>
    All,
}
