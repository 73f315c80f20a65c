using System.Reflection;

namespace Broker.Configuration.Validation;

/// <summary>All places in the options: what may be configured, found by walking the options classes.</summary>
internal static class OptionsSchema
{
    public static OptionNode Root { get; } =
        BuildSection(BrokerOptions.SectionName, BrokerOptions.SectionName, typeof(BrokerOptions), null);

    /// <summary>The node of a path that begins with the root section; null when there is none.</summary>
    public static OptionNode? Find(string path) =>
        path.Split(':').Skip(1).Aggregate((OptionNode?)Root, static (node, segment) => node?.Child(segment));

    private static OptionNode BuildSection(string path, string name, Type type, PropertyInfo? property) =>
        new(path, name, OptionKind.Section, type, property, [.. type
            .GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(member => member.CanWrite)
            .OrderBy(member => member.DeclaringType == type) // what it inherits comes first
            .Select(member => Build($"{path}:{member.Name}", member.Name, member.PropertyType, member))]);

    private static OptionNode Build(string path, string name, Type declared, PropertyInfo property)
    {
        Type type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (IsGeneric(type, typeof(Dictionary<,>)))
        {
            OptionNode element = Build($"{path}:{{name}}", "{name}", type.GetGenericArguments()[1], property);
            return new OptionNode(path, name, OptionKind.Map, type, property, [element]);
        }

        if (IsGeneric(type, typeof(List<>)))
        {
            OptionNode element = Build($"{path}:0", "0", type.GetGenericArguments()[0], property);
            return new OptionNode(path, name, OptionKind.List, type, property, [element]);
        }

        return type.Namespace == typeof(BrokerOptions).Namespace && type.IsClass
            ? BuildSection(path, name, type, property)
            : new OptionNode(path, name, OptionKind.Value, type, property, []);
    }

    private static bool IsGeneric(Type type, Type definition) => type.IsGenericType && type.GetGenericTypeDefinition() == definition;
}
