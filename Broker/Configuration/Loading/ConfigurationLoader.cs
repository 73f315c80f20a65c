using Broker.Configuration.Emqx;
using Broker.Configuration.Validation;
using Microsoft.Extensions.Configuration;

namespace Broker.Configuration.Loading;

/// <summary>Reads all sources, each overriding the one before, and reports every mistake in them at once. Never throws for what was written.</summary>
internal static class ConfigurationLoader
{
    public static ConfigurationResult Load(ConfigurationInputs inputs)
    {
        List<ConfigurationError> errors = [];
        List<string> warnings = [];
        ConfigurationLayers layers = new();
        IReadOnlyList<ConfigurationEntry> emqx = inputs.EmqxTcpConf is null ? [] : EmqxTcpConf.Read(Resolve(inputs, inputs.EmqxTcpConf), errors, warnings);
        layers.Add(EntryValidator.Check(emqx, errors));
        bool onlyEmqxListeners = layers.Contains(ConfigurationPaths.Listeners);
        foreach (IReadOnlyList<ConfigurationEntry> source in ReadSources(inputs, errors))
        {
            List<ConfigurationEntry> valid = [.. EntryValidator.Check(source, errors)];
            onlyEmqxListeners &= !valid.Exists(entry => ConfigurationPaths.IsWithin(entry.Path, ConfigurationPaths.Listeners));
            layers.Add(valid);
        }

        layers.InheritPrivateTcp();
        IConfigurationRoot merged = layers.ToConfiguration();
        BrokerOptions options = new();
        merged.GetSection(BrokerOptions.SectionName).Bind(options);
        if (onlyEmqxListeners)
        {
            DefaultListeners.AddBesideGateway(options);
        }

        OptionsValidator.Check(options, layers, errors, warnings);
        return new ConfigurationResult(options, merged.GetSection(ConfigurationPaths.Logging), errors, warnings);
    }

    private static IEnumerable<IReadOnlyList<ConfigurationEntry>> ReadSources(ConfigurationInputs inputs, List<ConfigurationError> errors)
    {
        yield return inputs.ConfigFile is null ? [] : JsonFileSource.Read(Resolve(inputs, inputs.ConfigFile), errors);
        yield return DotEnvSource.Read(inputs.WorkingDirectory, errors);
        yield return EnvironmentSource.Read(inputs.Environment);
        yield return CommandLineSource.Read(inputs, errors);
    }

    private static string Resolve(ConfigurationInputs inputs, string path) => Path.Combine(inputs.WorkingDirectory, path);
}
