using System.Reflection;

namespace Broker.Configuration.Validation;

/// <summary>One place in the options, read from their classes by reflection.</summary>
/// <param name="Path">Path as the reference prints it; a name that the operator chooses is `{name}`.</param>
/// <param name="Name">Last segment of the path.</param>
/// <param name="Kind">What stands there.</param>
/// <param name="Type">Type of the value, without Nullable.</param>
/// <param name="Property">Property that carries the attributes; of a list's elements, the list's.</param>
/// <param name="Children">A section's keys; the one element of a map or list.</param>
internal sealed record OptionNode(
    string Path,
    string Name,
    OptionKind Kind,
    Type Type,
    PropertyInfo? Property,
    IReadOnlyList<OptionNode> Children)
{
    public T? Attribute<T>()
        where T : Attribute => Property?.GetCustomAttribute<T>();

    /// <summary>The node that <paramref name="segment"/> leads to; null when there is none.</summary>
    public OptionNode? Child(string segment) => Kind switch
    {
        OptionKind.Section => Children.FirstOrDefault(child => child.Name.Equals(segment, StringComparison.OrdinalIgnoreCase)),
        OptionKind.Map => Children[0],
        OptionKind.List when int.TryParse(segment, out _) => Children[0],
        _ => null,
    };

    /// <summary>This node and all below it, in the order of declaration.</summary>
    public IEnumerable<OptionNode> Flatten() => Children.SelectMany(child => child.Flatten()).Prepend(this);
}
