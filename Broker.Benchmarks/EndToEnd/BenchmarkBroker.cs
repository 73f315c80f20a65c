using Broker.Configuration;
using Broker.Core;
using Broker.Observability;
using Broker.Security;

namespace Broker.Benchmarks.EndToEnd;

/// <summary>A broker that lets everybody in and has no sockets.</summary>
internal static class BenchmarkBroker
{
    public static BrokerOptions Options { get; } = new();

    public static MessageBroker Create() =>
        new(Options, TimeProvider.System, new BrokerMetrics(), new AnonymousAuthenticator(acceptUnverifiedUsernames: true), new OpenAuthorizer());
}
