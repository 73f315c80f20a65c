using System.Text.Json;

namespace Broker.Security.Acl;

/// <summary>Finds a claim by its name, or by the names that lead to it, such as `app_metadata.tenant`.</summary>
internal static class ClaimPath
{
    /// <summary>The claim; undefined when there is none.</summary>
    public static JsonElement Find(JsonElement claims, string path)
    {
        if (claims.ValueKind != JsonValueKind.Object)
        {
            return default;
        }

        if (claims.TryGetProperty(path, out JsonElement found))
        {
            return found;
        }

        int dot = path.IndexOf('.');
        return dot > 0 && claims.TryGetProperty(path[..dot], out JsonElement inner) ? Find(inner, path[(dot + 1)..]) : default;
    }

    /// <summary>The claim as text; null when it is none that has one value.</summary>
    public static string? FindText(JsonElement claims, string path)
    {
        JsonElement found = Find(claims, path);
        return found.ValueKind switch
        {
            JsonValueKind.String => found.GetString(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => found.GetRawText(),
            _ => null,
        };
    }
}
