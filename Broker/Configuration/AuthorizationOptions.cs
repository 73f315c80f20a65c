namespace Broker.Configuration;

/// <summary>What clients may do.</summary>
public sealed class AuthorizationOptions
{
    /// <summary>
    /// File of access rules, one `allow|deny ... publish|subscribe|all FILTER` a line, or Mosquitto's acl_file (docs/acl.md). Default: none,
    /// every client may use every topic.
    /// </summary>
    [ValueFormat(ValueFormat.File)]
    public string? AclFile { get; set; }
}
