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

    /// <summary>End the connection of a client that publishes or subscribes to what it may not: MQTT 5.0 gets DISCONNECT 0x87. Default: false.</summary>
    public bool DisconnectOnDenial { get; set; }
}
