namespace Broker.Security.Acl;

/// <summary>A line of an ACL file is not a rule. Caught where the file is read.</summary>
internal sealed class AclSyntaxException(string message) : Exception(message);
