using Broker.Configuration.Loading;

namespace Broker.Configuration.Validation;

/// <summary>Checks entries one by one: is the key known, has the value the right type, range and format.</summary>
internal static class EntryValidator
{
    private const string Masked = "***";

    /// <summary>
    /// The entries that are right, by place in the options; a list written as one text, `a, b`, is taken apart. The others become errors.
    /// </summary>
    public static IEnumerable<ConfigurationEntry> Check(IEnumerable<ConfigurationEntry> entries, List<ConfigurationError> errors) =>
        entries.SelectMany(entry => Check(entry, errors));

    /// <summary>The value as messages may show it.</summary>
    public static string Display(OptionNode node, string value) => node.Attribute<SecretAttribute>() is null ? value : Masked;

    private static IEnumerable<ConfigurationEntry> Check(ConfigurationEntry entry, List<ConfigurationError> errors)
    {
        string[] segments = entry.Path.Split(':');
        if (segments[0].Equals(ConfigurationPaths.Logging, StringComparison.OrdinalIgnoreCase))
        {
            return LoggingRule.Accepts(entry, errors) ? [entry] : [];
        }

        if (!segments[0].Equals(BrokerOptions.SectionName, StringComparison.OrdinalIgnoreCase))
        {
            string? nearest = NearestName.Find(segments[0], [BrokerOptions.SectionName, ConfigurationPaths.Logging]);
            errors.Add(UnknownKey(entry, nearest is null ? "the sections are Broker and Logging" : $"did you mean {nearest}?"));
            return [];
        }

        OptionNode node = OptionsSchema.Root;
        foreach (string segment in segments.Skip(1))
        {
            if (node.Child(segment) is not { } child)
            {
                errors.Add(UnknownKey(entry, AdviceFor(node, segment)));
                return [];
            }

            node = child;
        }

        return CheckValue(node, entry, errors);
    }

    private static IEnumerable<ConfigurationEntry> CheckValue(OptionNode node, ConfigurationEntry entry, List<ConfigurationError> errors)
    {
        switch (node.Kind)
        {
            case OptionKind.Value:
                ValueFault? fault = ValueRule.Check(node, entry.Value);
                if (fault is null)
                {
                    return [entry];
                }

                errors.Add(new ConfigurationError(entry.Source, entry.WrittenKey, Display(node, entry.Value), fault.Reason, fault.Advice));
                return [];
            case OptionKind.List:
                string[] elements = entry.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                return elements.Length == 0 ? [entry with { Value = "" }] : elements.SelectMany((value, i) =>
                    CheckValue(node.Children[0], entry with { Path = $"{entry.Path}:{i}", Value = value }, errors));
            default:
                if (entry.Value.Length > 0)
                {
                    errors.Add(new ConfigurationError(entry.Source, entry.WrittenKey, null, "this is a section and has no value of its own",
                        $"it holds {Names(node)}"));
                }

                return [];
        }
    }

    private static ConfigurationError UnknownKey(ConfigurationEntry entry, string advice) =>
        new(entry.Source, entry.WrittenKey, null, "unknown key", advice);

    private static string AdviceFor(OptionNode parent, string segment)
    {
        if (parent.Kind is OptionKind.Value or OptionKind.List)
        {
            return $"{parent.Name} is {(parent.Kind == OptionKind.Value ? "a single value" : "a list")} and has no keys inside";
        }

        string? nearest = NearestName.Find(segment, [.. parent.Children.Select(child => child.Name)]);
        OptionNode? elsewhere = nearest is null
            ? OptionsSchema.Root.Flatten()
                .Where(node => node.Name.Equals(segment, StringComparison.OrdinalIgnoreCase))
                .MinBy(node => node.Path.Count(static letter => letter == ':'))
            : null;
        return (nearest, elsewhere) switch
        {
            ({ } name, _) => $"did you mean {name}?",
            (_, { } node) => $"did you mean {node.Path}?",
            _ => $"{parent.Name} holds {Names(parent)}",
        };
    }

    private static string Names(OptionNode node) => string.Join(", ", node.Children.Select(child => child.Name));
}
