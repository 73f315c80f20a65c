using Broker.Configuration.Loading;

namespace Broker.Configuration.Validation;

/// <summary>Where rules over several options report to: finds out who wrote the option that is at fault.</summary>
internal sealed class RuleContext(ConfigurationLayers layers, List<ConfigurationError> errors)
{
    public void Add(string path, string reason, string advice)
    {
        errors.Add(layers.TryFind(path, out ConfigurationEntry? entry)
            ? new ConfigurationError(entry.Source, entry.WrittenKey, null, reason, advice)
            : new ConfigurationError("default", path, null, reason, advice));
    }
}
