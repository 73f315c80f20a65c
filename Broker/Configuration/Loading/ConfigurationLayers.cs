using System.Diagnostics.CodeAnalysis;
using Broker.Configuration.Validation;
using Microsoft.Extensions.Configuration;

namespace Broker.Configuration.Loading;

/// <summary>The sources laid over each other: for each path the strongest entry. A list replaces a weaker source's list as a whole.</summary>
internal sealed class ConfigurationLayers
{
    private readonly Dictionary<string, ConfigurationEntry> _entries = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What is in force, in no order.</summary>
    public IEnumerable<ConfigurationEntry> Entries => _entries.Values;

    /// <summary>Lays the entries of one source over what is there.</summary>
    public void Add(IEnumerable<ConfigurationEntry> entries)
    {
        List<ConfigurationEntry> layer = [.. entries];
        foreach (string list in layer.Select(entry => ListOf(entry.Path)).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase))
        {
            RemoveWithin(list);
        }

        foreach (ConfigurationEntry entry in layer)
        {
            _entries[entry.Path] = entry;
        }
    }

    /// <summary>True when some source says something in <paramref name="section"/>.</summary>
    public bool Contains(string section) => _entries.Keys.Any(path => ConfigurationPaths.IsWithin(path, section));

    /// <summary>Gives each listener that has private TCP settings of its own those of `Broker:PrivateTcp` that it leaves open.</summary>
    public void InheritPrivateTcp()
    {
        ILookup<string, ConfigurationEntry> common = _entries.Values
            .Where(entry => ConfigurationPaths.IsWithin(entry.Path, ConfigurationPaths.PrivateTcp))
            .ToLookup(entry => (ListOf(entry.Path) ?? entry.Path)[ConfigurationPaths.PrivateTcp.Length..], StringComparer.OrdinalIgnoreCase);
        foreach (string section in ListenerSections().Distinct(StringComparer.OrdinalIgnoreCase).ToList())
        {
            foreach (IGrouping<string, ConfigurationEntry> option in common.Where(option => !Contains(section + option.Key)))
            {
                Inherit(section, option);
            }
        }
    }

    /// <summary>The entry that decides <paramref name="path"/>, or the strongest inside it.</summary>
    public bool TryFind(string path, [NotNullWhen(true)] out ConfigurationEntry? entry)
    {
        entry = _entries.GetValueOrDefault(path) ?? _entries.Values.LastOrDefault(candidate => ConfigurationPaths.IsWithin(candidate.Path, path));
        return entry is not null;
    }

    /// <summary>The merged configuration, for Microsoft's binder.</summary>
    public IConfigurationRoot ToConfiguration() =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(_entries.Values.Select(entry => KeyValuePair.Create(entry.Path, (string?)entry.Value)))
            .Build();

    private void Inherit(string section, IEnumerable<ConfigurationEntry> option)
    {
        foreach (ConfigurationEntry entry in option)
        {
            string path = section + entry.Path[ConfigurationPaths.PrivateTcp.Length..];
            _entries[path] = entry with { Path = path };
        }
    }

    private void RemoveWithin(string section)
    {
        foreach (string path in _entries.Keys.Where(path => ConfigurationPaths.IsWithin(path, section)).ToList())
        {
            _entries.Remove(path);
        }
    }

    private IEnumerable<string> ListenerSections()
    {
        foreach (string path in _entries.Keys.Where(path => ConfigurationPaths.IsWithin(path, ConfigurationPaths.Listeners)))
        {
            string[] segments = path.Split(':');
            if (segments.Length > 4 && segments[3].Equals(nameof(ListenerOptions.PrivateTcp), StringComparison.OrdinalIgnoreCase))
            {
                yield return string.Join(':', segments.Take(4));
            }
        }
    }

    // The path of the list that the path is, or is an element of; null when it is neither.
    private static string? ListOf(string path)
    {
        OptionNode? node = OptionsSchema.Root;
        string[] segments = path.Split(':');
        for (int i = 1; i <= segments.Length && node is not null; i++)
        {
            if (node.Kind == OptionKind.List)
            {
                return string.Join(':', segments.Take(i));
            }

            node = i < segments.Length ? node.Child(segments[i]) : null;
        }

        return null;
    }
}
