using Broker.Core.Ports;
using Broker.Core.Sessions;
using Broker.Primitives;

namespace Broker.Security.Acl;

/// <summary>What a client wants to do, without the topic.</summary>
/// <param name="Client">Who asks.</param>
/// <param name="Action">Publish, subscribe or receive.</param>
/// <param name="Qos">QoS of the publish or the subscription.</param>
/// <param name="Retain">RETAIN flag of a publish.</param>
/// <param name="WithShadow">Whether shadow rules count, as they would if they were enforced.</param>
internal readonly record struct AclRequest(ClientIdentity Client, TopicAction Action, Qos Qos, bool Retain, bool WithShadow = false)
{
    /// <summary>The action as rules have it.</summary>
    public AclActions Flag => Action switch
    {
        TopicAction.Publish => AclActions.Publish,
        TopicAction.Subscribe => AclActions.Subscribe,
        _ => AclActions.Receive,
    };
}
