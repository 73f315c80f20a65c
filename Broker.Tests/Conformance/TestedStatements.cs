using System.Collections;
using System.Reflection;
using System.Text.RegularExpressions;
using NUnit.Framework;
using NUnit.Framework.Interfaces;

namespace Broker.Tests.Conformance;

/// <summary>
/// Which tests say that they check a statement: by <see cref="StatementAttribute"/>, case by case, or in their own name, which is about 5.0.
/// </summary>
internal static partial class TestedStatements
{
    public static ILookup<StatementId, string> Find() => typeof(TestedStatements).Assembly.GetTypes()
        .SelectMany(static type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        .Where(static method => method.GetCustomAttributes<NUnitAttribute>(true).OfType<ITestBuilder>().Any()
            || method.GetCustomAttributes<NUnitAttribute>(true).OfType<ISimpleTestBuilder>().Any())
        .SelectMany(static method => Attributes(method).Concat(Cases(method)).Concat(Name(method)).Select(id => (Id: id, Test: $"{method.DeclaringType!.Name}.{method.Name}")))
        .Distinct()
        .ToLookup(static pair => pair.Id, static pair => pair.Test);

    private static IEnumerable<StatementId> Attributes(MethodInfo method) =>
        from attribute in method.GetCustomAttributes<StatementAttribute>().Concat(method.DeclaringType!.GetCustomAttributes<StatementAttribute>())
        from id in attribute.Ids
        select new StatementId(attribute.Version, id);

    private static IEnumerable<StatementId> Name(MethodInfo method) => IdInName().Matches(method.Name)
        .Select(static match => new StatementId(StatementId.V5, $"MQTT-{match.Groups[1].Value.Replace('_', '.')}-{match.Groups[2].Value}"));

    [GeneratedRegex(@"_MQTT_(\d+_\d+_\d+)_(\d+)(?!\d)")]
    private static partial Regex IdInName();

    private static IEnumerable<StatementId> Cases(MethodInfo method) =>
        from source in method.GetCustomAttributes<TestCaseSourceAttribute>()
        from data in Values(method.DeclaringType!, source.SourceName!).OfType<TestCaseData>()
        from text in data.Properties[StatementAttribute.CaseProperty].OfType<string>()
        select new StatementId(text.Split(' ')[0], text.Split(' ')[1]);

    private static IEnumerable Values(Type type, string member)
    {
        const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        object? value = type.GetField(member, Static)?.GetValue(null) ?? type.GetProperty(member, Static)?.GetValue(null)
            ?? type.GetMethod(member, Static)?.Invoke(null, null);
        return value as IEnumerable ?? Array.Empty<object>();
    }
}
