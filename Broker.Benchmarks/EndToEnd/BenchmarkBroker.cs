using Broker.Configuration;
using Broker.Core;
using Broker.Observability;
using Broker.Security;
using Broker.Security.Acl;
using Broker.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Broker.Benchmarks.EndToEnd;

/// <summary>A broker that lets everybody in and has no sockets.</summary>
internal static class BenchmarkBroker
{
    public static BrokerOptions Options { get; } = new();

    private static BrokerMetrics Metrics { get; } = new();

    public static MessageBroker Create() =>
        new(Options, TimeProvider.System, Metrics, new AnonymousAuthenticator(acceptUnverifiedUsernames: true), Everything(Metrics), new MemoryStore());

    private static AclAuthorizer Everything(BrokerMetrics metrics) =>
        new(AclRuleSet.Empty, metrics, TimeProvider.System, NullLogger<AclAuthorizer>.Instance);
}
