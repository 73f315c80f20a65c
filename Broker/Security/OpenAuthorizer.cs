using Broker.Core.Ports;
using Broker.Core.Sessions;
using Broker.Primitives;

namespace Broker.Security;

/// <summary>No access rules: whoever is connected may use every topic.</summary>
internal sealed class OpenAuthorizer : IAuthorizer
{
    /// <inheritdoc />
    public bool AllowsEverything => true;

    /// <inheritdoc />
    public bool IsAllowed(ClientIdentity client, TopicAction action, ReadOnlySpan<byte> topic, Qos qos, bool retain) => true;
}
