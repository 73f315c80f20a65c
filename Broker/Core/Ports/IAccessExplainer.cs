using Broker.Core.Sessions;
using Broker.Primitives;

namespace Broker.Core.Ports;

/// <summary>Says why access rules decide as they do.</summary>
internal interface IAccessExplainer
{
    /// <summary>The decision in the first line, which begins with `allowed` or `denied`, and the reasons in those below. Nothing is logged or counted.</summary>
    /// <param name="client">Who asks.</param>
    /// <param name="action">Publish, subscribe or receive.</param>
    /// <param name="topic">Topic Name, or Topic Filter without `$share/name/`.</param>
    /// <param name="qos">QoS of the message or the subscription.</param>
    /// <param name="retain">RETAIN flag of the message.</param>
    IReadOnlyList<string> Explain(ClientIdentity client, TopicAction action, string topic, Qos qos, bool retain);
}
