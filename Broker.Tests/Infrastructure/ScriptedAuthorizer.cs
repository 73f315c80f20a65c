using System.Text;
using Broker.Core.Ports;
using Broker.Core.Sessions;
using Broker.Primitives;

namespace Broker.Tests.Infrastructure;

/// <summary>Decides as the test says; allows everything until then.</summary>
internal sealed class ScriptedAuthorizer : IAuthorizer
{
    public Func<ClientIdentity, TopicAction, string, bool>? Rule
    {
        get;
        set
        {
            field = value;
            Version++;
        }
    }

    /// <summary>Questions asked.</summary>
    public int Questions { get; private set; }

    public int Version { get; set; } = 1;

    public bool AllowsEverything => Rule is null;

    public bool ChecksDelivery { get; set; }

    public bool IsAllowed(ClientIdentity client, TopicAction action, ReadOnlySpan<byte> topic, Qos qos, bool retain)
    {
        Questions++;
        return Rule is null || Rule(client, action, Encoding.UTF8.GetString(topic));
    }
}
