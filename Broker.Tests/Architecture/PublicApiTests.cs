using Broker.Configuration;
using NUnit.Framework;

namespace Broker.Tests.Architecture;

/// <summary>
/// What other programs may rely on changes only on purpose: the public surface is compared with PublicApi.txt. To accept a change,
/// run the tests once with BROKER_TESTS_REFRESH_PUBLIC_API=1 and commit the file.
/// </summary>
internal sealed class PublicApiTests
{
    private const string RefreshVariable = "BROKER_TESTS_REFRESH_PUBLIC_API";

    private static readonly string Snapshot = Path.Combine(Repository.Root, "Broker.Tests", "Architecture", "PublicApi.txt");

    [Test]
    public void The_public_surface_is_the_recorded_one()
    {
        string actual = PublicApiText.Of(typeof(BrokerOptions).Assembly);
        if (Environment.GetEnvironmentVariable(RefreshVariable) == "1")
        {
            File.WriteAllText(Snapshot, actual);
        }

        string[] difference = [.. Difference(File.ReadAllText(Snapshot), actual)];

        Assert.That(
            difference, Is.Empty,
            $"The public surface differs from PublicApi.txt; if that is intended, run once with {RefreshVariable}=1:\n{string.Join('\n', difference)}");
    }

    [Test]
    public void A_difference_names_type_and_member() =>
        Assert.That(
            Difference("class A\n    int X;\nclass B\n    int X;\n", "class A\n    int X;\nclass B\n    int Y;\n"),
            Is.EqualTo(["- class B: int X;", "+ class B: int Y;"]));

    private static IEnumerable<string> Difference(string expected, string actual)
    {
        string[] before = [.. Qualified(expected)];
        string[] after = [.. Qualified(actual)];
        return before.Except(after).Select(line => "- " + line).Concat(after.Except(before).Select(line => "+ " + line));
    }

    private static IEnumerable<string> Qualified(string text)
    {
        string type = "";
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            bool isMember = line.StartsWith(' ');
            type = isMember ? type : line;
            yield return isMember ? $"{type}: {line.Trim()}" : line;
        }
    }
}
