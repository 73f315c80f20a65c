using System.Text.Json;

namespace Broker.Core.Ports;

/// <summary>What an authenticator knows of a client besides its name.</summary>
public sealed class ClientGrants
{
    /// <summary>
    /// Access rules of its own, one a text, in the grammar of the ACL file and asked before it. What no rule allows is denied then, also where
    /// there is none in the list. Null for a client without rules of its own.
    /// </summary>
    public IReadOnlyList<string>? Rules { get; init; }

    /// <summary>What is claimed of it: a JSON object that access rules refer to as `{name}`; undefined for nothing.</summary>
    public JsonElement Claims { get; init; }
}
