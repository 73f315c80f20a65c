using System.Globalization;

namespace Broker.Configuration.Validation;

/// <summary>Checks one text against the type and the attributes of its option.</summary>
internal static class ValueRule
{
    /// <summary>Null when <paramref name="value"/> is right.</summary>
    public static ValueFault? Check(OptionNode node, string value)
    {
        if (node.Type == typeof(bool))
        {
            return bool.TryParse(value, out _) ? null : new ValueFault("not a truth value", "write true or false");
        }

        if (node.Type.IsEnum)
        {
            return CheckEnum(node.Type, value);
        }

        return node.Type == typeof(string) ? CheckText(node, value) : CheckNumber(node, value);
    }

    private static ValueFault? CheckEnum(Type type, string value)
    {
        string[] names = Enum.GetNames(type);
        if (names.Contains(value, StringComparer.OrdinalIgnoreCase))
        {
            return null;
        }

        string? nearest = NearestName.Find(value, names);
        return new ValueFault("not a known name", $"use one of {string.Join(", ", names)}{(nearest is null ? "" : $"; did you mean {nearest}?")}");
    }

    private static ValueFault? CheckNumber(OptionNode node, string value)
    {
        AllowedRangeAttribute range = node.Attribute<AllowedRangeAttribute>()
            ?? throw new InvalidOperationException($"{node.Path} is a number without a range");
        if (!decimal.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out decimal number))
        {
            return new ValueFault("not a whole number", $"write a number, {range}");
        }

        return number is >= long.MinValue and <= long.MaxValue && range.Contains((long)number)
            ? null
            : new ValueFault("out of range", $"allowed: {range}");
    }

    private static ValueFault? CheckText(OptionNode node, string value) =>
        node.Attribute<ValueFormatAttribute>() is { } format ? ValueFormatRule.Check(format.Format, value) : null;
}
