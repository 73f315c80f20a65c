using Microsoft.Extensions.Configuration;

namespace Broker.Configuration.Loading;

/// <summary>What came out of loading: options, and everything wrong with what was written.</summary>
/// <param name="Options">The options; not to be used while there are errors.</param>
/// <param name="Logging">Section `Logging` for Microsoft.Extensions.Logging.</param>
/// <param name="Errors">Every mistake.</param>
/// <param name="Warnings">What the operator should know, though the broker can start.</param>
internal sealed record ConfigurationResult(
    BrokerOptions Options,
    IConfiguration Logging,
    IReadOnlyList<ConfigurationError> Errors,
    IReadOnlyList<string> Warnings)
{
    public bool IsValid => Errors.Count == 0;
}
