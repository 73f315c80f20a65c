namespace Broker.Security.Acl;

/// <summary>A rule as it is for one client.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Filter">Its filter, placeholders filled in.</param>
internal readonly record struct AclOwnRule(AclRule Rule, byte[] Filter);
