using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Broker.Configuration;
using Broker.Configuration.Validation;

namespace Broker.Tests.Configuration;

/// <summary>Generates the tables of docs/configuration.md from the options classes: keys, defaults, ranges, descriptions.</summary>
internal static partial class ConfigurationReference
{
    public const string Begin = "<!-- generated from the options classes: begin -->";
    public const string End = "<!-- generated from the options classes: end -->";

    private static readonly Dictionary<string, XElement> Documentation =
        XDocument.Load(Path.ChangeExtension(typeof(BrokerOptions).Assembly.Location, ".xml"))
            .Descendants("member")
            .ToDictionary(member => (string)member.Attribute("name")!);

    /// <summary>One table for each section, in the order of declaration.</summary>
    public static string Generate()
    {
        StringBuilder text = new();
        foreach (OptionNode section in OptionsSchema.Root.Flatten().Where(node => node.Kind == OptionKind.Section && !IsRepeated(node)))
        {
            AppendSection(text, section);
        }

        return text.ToString();
    }

    /// <summary>The page with its generated part replaced.</summary>
    public static string Update(string page)
    {
        int begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = page.IndexOf(End, StringComparison.Ordinal);
        return $"{page[..begin]}\n{Generate()}\n{page[end..]}";
    }

    // The same options once more inside a listener or another section.
    private static bool IsRepeated(OptionNode node) =>
        (node.Path.Contains("{name}", StringComparison.Ordinal) && node.Type != typeof(ListenerOptions))
        || (node.Type == typeof(TlsOptions) && node.Path != $"{BrokerOptions.SectionName}:{nameof(BrokerOptions.Tls)}");

    private static void AppendSection(StringBuilder text, OptionNode section)
    {
        object defaults = Activator.CreateInstance(section.Type)!;
        text.Append(CultureInfo.InvariantCulture, $"\n## {section.Path}\n\n{Describe($"T:{section.Type.FullName}")}\n\n");
        text.Append("| Key | Default | Allowed | Environment variable | Meaning |\n|---|---|---|---|---|\n");
        foreach (OptionNode node in section.Children)
        {
            string description = Describe($"P:{node.Property!.DeclaringType!.FullName}.{node.Name}");
            text.Append(
                CultureInfo.InvariantCulture,
                $"| `{node.Name}` | {Default(node, defaults)} | {Escape(Allowed(node))} | {Variable(node)} | {Escape(description)} |\n");
        }
    }

    private static string Default(OptionNode node, object defaults) => node.Property!.GetValue(defaults) switch
    {
        null => "not set",
        bool flag => flag ? "`true`" : "`false`",
        string or Enum => $"`{node.Property.GetValue(defaults)}`",
        IEnumerable => "empty",
        IFormattable number => $"`{number.ToString(null, CultureInfo.InvariantCulture)}`",
        _ => "",
    };

    private static string Allowed(OptionNode node)
    {
        OptionNode value = node.Kind == OptionKind.List ? node.Children[0] : node;
        string allowed = value switch
        {
            { Kind: OptionKind.Section } => "section",
            { Kind: OptionKind.Map } => "sections by name",
            { Type.IsEnum: true } => string.Join(", ", Enum.GetNames(value.Type).Select(name => $"`{name}`")),
            _ when value.Type == typeof(bool) => "`true`, `false`",
            _ when value.Attribute<AllowedRangeAttribute>() is { } range => range.ToString(),
            _ when value.Attribute<ValueFormatAttribute>() is { } format => Allowed(format.Format),
            _ => "text",
        };
        return node.Kind == OptionKind.List ? $"list: {allowed}" : allowed;
    }

    private static string Allowed(ValueFormat format) => format switch
    {
        ValueFormat.IpAddress => "IP address",
        ValueFormat.IpAddressOrAny => "IP address or `*`",
        ValueFormat.File => "file",
        ValueFormat.TopicTemplate => "Topic Name with `%c`, `%u`",
        ValueFormat.AccessRule => "`allow|deny CIDR|all`",
        ValueFormat.Network => "CIDR or IP address",
        ValueFormat.CipherSuite => "IANA name",
        ValueFormat.TlsVersion => string.Join(", ", ValueFormatRule.TlsVersions.Select(name => $"`{name}`")),
        ValueFormat.Timestamp => "date and time, ISO 8601",
        ValueFormat.UserPropertyName => string.Join(", ", ValueFormatRule.UserPropertyNames.Select(name => $"`{name}`")),
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    private static string Variable(OptionNode node) => node.Kind switch
    {
        OptionKind.Section or OptionKind.Map => "",
        OptionKind.List => Variable(node.Children[0]),
        _ => $"`{node.Path.Replace(BrokerOptions.SectionName, "BROKER", StringComparison.Ordinal).Replace(":", "__", StringComparison.Ordinal)}`",
    };

    // The summary without the sentences that the columns say already: those that begin with a range, and plain defaults.
    private static string Describe(string member)
    {
        XElement summary = Documentation[member].Element("summary")!;
        foreach (XElement reference in summary.Descendants("see").ToList())
        {
            reference.ReplaceWith($"`{((string)reference.Attribute("cref")!).Split('.')[^1]}`");
        }

        string text = Blanks().Replace(summary.Value, " ").Trim();
        return string.Join(' ', Sentences().Split(text).Where(sentence => !SaidByColumns().IsMatch(sentence)));
    }

    private static string Escape(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"(?<=\.) ")]
    private static partial Regex Sentences();

    [GeneratedRegex(@"^(\d.*|Default: \S+)\.$")]
    private static partial Regex SaidByColumns();
}
