using System.Runtime.CompilerServices;
using Broker.Configuration;
using Broker.Configuration.Validation;
using NUnit.Framework;

namespace Broker.Tests.Configuration;

public sealed class ConfigurationReferenceTests
{
    private const string Rewrite = "BROKER_UPDATE_DOCS";

    [Test]
    public void The_page_agrees_with_the_options()
    {
        string path = Path.Combine(Path.GetDirectoryName(SourceFile())!, "../../docs/configuration.md");
        string page = File.ReadAllText(path);
        string fresh = ConfigurationReference.Update(page);
        if (Environment.GetEnvironmentVariable(Rewrite) is not null)
        {
            File.WriteAllText(path, fresh);
            return;
        }

        Assert.That(page, Is.EqualTo(fresh), $"docs/configuration.md is stale; run the tests once with {Rewrite}=1");
    }

    [Test]
    public void Every_number_has_a_range_that_holds_its_default()
    {
        foreach (OptionNode section in OptionsSchema.Root.Flatten().Where(node => node.Kind == OptionKind.Section))
        {
            object defaults = Activator.CreateInstance(section.Type)!;
            foreach (OptionNode node in section.Children.Where(IsNumber))
            {
                AllowedRangeAttribute? range = node.Attribute<AllowedRangeAttribute>();
                Assert.That(range, Is.Not.Null, node.Path);
                object? value = node.Property!.GetValue(defaults);
                Assert.That(value is null || range!.Contains(Convert.ToInt64(value, null)), Is.True, node.Path);
            }
        }
    }

    private static bool IsNumber(OptionNode node) =>
        node.Kind == OptionKind.Value && node.Type != typeof(string) && node.Type != typeof(bool) && !node.Type.IsEnum;

    private static string SourceFile([CallerFilePath] string path = "") => path;
}
