using System.Text;
using System.Text.Json;

namespace Broker.Storage.Export;

/// <summary>Reads the fields of a line. What is missing or wrong is a <see cref="FormatException"/> that names the field.</summary>
internal static class ImportFields
{
    /// <summary>A text in UTF-8; null when it is not there.</summary>
    public static byte[]? OptionalText(this JsonElement line, string name) => line.TryGetProperty(name, out var field)
        ? Encoding.UTF8.GetBytes(field.ValueKind == JsonValueKind.String ? field.GetString()! : throw Wrong(name, "a text"))
        : null;

    /// <summary>A text in UTF-8.</summary>
    public static byte[] Text(this JsonElement line, string name) => line.OptionalText(name) ?? throw Wrong(name, "a text");

    /// <summary>Bytes in base64; null when they are not there.</summary>
    public static byte[]? OptionalBytes(this JsonElement line, string name) => !line.TryGetProperty(name, out var field)
        ? null
        : field.ValueKind == JsonValueKind.String && field.TryGetBytesFromBase64(out var bytes) ? bytes : throw Wrong(name, "base64");

    /// <summary>A number from 0 to <paramref name="most"/>; null when it is not there.</summary>
    public static long? OptionalNumber(this JsonElement line, string name, long most) => line.TryGetProperty(name, out var field)
        ? ToNumber(field, name, most)
        : null;

    /// <summary>A number from 0 to <paramref name="most"/>.</summary>
    public static long Number(this JsonElement line, string name, long most) => line.OptionalNumber(name, most) ?? throw Wrong(name, "a number");

    /// <summary>True or false.</summary>
    public static bool Flag(this JsonElement line, string name) =>
        line.TryGetProperty(name, out var field) && field.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? field.GetBoolean()
            : throw Wrong(name, "true or false");

    /// <summary>Numbers from 0 to <paramref name="most"/>; none when they are not there.</summary>
    public static IEnumerable<long> Numbers(this JsonElement line, string name, long most) =>
        line.Elements(name).Select(element => ToNumber(element, name, most));

    /// <summary>The elements of a list; none when it is not there.</summary>
    public static IEnumerable<JsonElement> Elements(this JsonElement line, string name) => !line.TryGetProperty(name, out var field)
        ? []
        : field.ValueKind == JsonValueKind.Array ? field.EnumerateArray() : throw Wrong(name, "a list");

    /// <summary>The fault of a field.</summary>
    public static FormatException Wrong(string name, string expected) => new($"'{name}' is not {expected}");

    private static long ToNumber(JsonElement field, string name, long most) =>
        field.ValueKind == JsonValueKind.Number && field.TryGetInt64(out var number) && number >= 0 && number <= most
            ? number
            : throw Wrong(name, $"a number from 0 to {most}");
}
