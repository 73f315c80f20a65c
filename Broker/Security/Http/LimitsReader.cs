using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Broker.Configuration;

namespace Broker.Security.Http;

/// <summary>Reads the limits of a client from an answer; the members have the names of the options, whatever their case.</summary>
internal static class LimitsReader
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNameCaseInsensitive = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <exception cref="FormatException">A value is outside its range: a limit that cannot be kept must not pass for none.</exception>
    /// <exception cref="JsonException">A member is unknown, or of another type.</exception>
    public static ClientLimits? Read(JsonElement answer)
    {
        ClientLimits? limits = answer.Deserialize<ClientLimits>(Options);
        foreach (PropertyInfo member in limits is null ? [] : typeof(ClientLimits).GetProperties())
        {
            if (member.GetCustomAttribute<AllowedRangeAttribute>() is { } range
                && member.GetValue(limits) is { } value
                && !range.Contains(Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)))
            {
                throw new FormatException($"{member.Name} is out of range");
            }
        }

        return limits;
    }
}
