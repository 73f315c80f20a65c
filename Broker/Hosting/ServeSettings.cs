using Broker.Configuration;
using Broker.Security;
using Broker.Security.Acl;
using Microsoft.Extensions.Configuration;

namespace Broker.Hosting;

/// <summary>What a broker is started with: a configuration that has passed every check.</summary>
/// <param name="Options">The options.</param>
/// <param name="Logging">Section `Logging`.</param>
/// <param name="Passwords">Content of the password file; null when none is configured.</param>
/// <param name="Rules">Rules of the ACL file; none when none is configured.</param>
/// <param name="Warnings">To be logged at start.</param>
internal sealed record ServeSettings(
    BrokerOptions Options,
    IConfiguration Logging,
    PasswordFile? Passwords,
    AclRuleSet Rules,
    IReadOnlyList<string> Warnings);
