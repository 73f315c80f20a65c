using System.Reflection;

namespace Broker.Tests.Architecture;

/// <summary>The public surface of an assembly as text: one line a type, indented lines for its members, in a stable order.</summary>
internal static class PublicApiText
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly)
    {
        IEnumerable<string> lines = assembly.GetExportedTypes()
            .Where(type => type.FullName != House.Program)
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .SelectMany(Lines);
        return string.Join('\n', lines) + "\n";
    }

    private static IEnumerable<string> Lines(Type type) =>
        Members(type).Order(StringComparer.Ordinal).Select(member => "    " + member).Prepend(Header(type));

    private static string Header(Type type)
    {
        string kind = type.IsEnum ? "enum"
            : type.IsInterface ? "interface"
            : type.IsValueType ? "struct"
            : typeof(Delegate).IsAssignableFrom(type) ? "delegate"
            : type is { IsAbstract: true, IsSealed: true } ? "static class"
            : type.IsAbstract ? "abstract class"
            : type.IsSealed ? "sealed class" : "class";
        return $"{kind} {TypeName.Full(type)}";
    }

    private static IEnumerable<string> Members(Type type) => type.IsEnum
        ? type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => $"{field.Name} = {field.GetRawConstantValue()}")
        : type.GetMembers(Declared).Select(Describe).OfType<string>();

    private static string? Describe(MemberInfo member) => member switch
    {
        FieldInfo field when IsVisible(field) => $"{Static(field.IsStatic)}{TypeName.Of(field.FieldType)} {field.Name}{Constant(field)};",
        PropertyInfo property => Property(property),
        EventInfo @event when IsVisible(@event.AddMethod!) => $"event {TypeName.Of(@event.EventHandlerType!)} {@event.Name};",
        ConstructorInfo constructor when IsVisible(constructor) => $"new({Parameters(constructor)});",
        MethodInfo method when IsVisible(method) && !IsAccessor(method) => Method(method),
        _ => null,
    };

    private static string? Property(PropertyInfo property)
    {
        MethodInfo[] accessors = [.. new[] { property.GetMethod, property.SetMethod }.OfType<MethodInfo>().Where(IsVisible)];
        return accessors.Length == 0
            ? null
            : $"{Static(accessors[0].IsStatic)}{TypeName.Of(property.PropertyType)} {property.Name} {{ {string.Join(' ', accessors.Select(Accessor))} }}";
    }

    private static string Accessor(MethodInfo method) =>
        method.Name.Contains("get_", StringComparison.Ordinal) ? "get;"
        : method.ReturnParameter.GetRequiredCustomModifiers().Length > 0 ? "init;" : "set;";

    private static string Method(MethodInfo method)
    {
        string generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(TypeName.Of))}>" : "";
        return $"{Static(method.IsStatic)}{TypeName.Of(method.ReturnType)} {method.Name}{generic}({Parameters(method)});";
    }

    private static string Parameters(MethodBase method) => string.Join(", ",
        method.GetParameters().Select(parameter => $"{TypeName.Of(parameter.ParameterType)} {parameter.Name}{(parameter.IsOptional ? " = …" : "")}"));

    private static bool IsVisible(FieldInfo field) => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly;

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsAccessor(MethodInfo method) => method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal);

    private static string Static(bool isStatic) => isStatic ? "static " : "";

    private static string Constant(FieldInfo field) => field.IsLiteral ? $" = {field.GetRawConstantValue()}" : "";
}
