namespace Broker.Security.Acl;

/// <summary>What the rules say, and which of them says it.</summary>
/// <param name="IsAllowed">The decision.</param>
/// <param name="Rule">The rule that decides; null when none does.</param>
internal readonly record struct AclDecision(bool IsAllowed, AclRule? Rule);
