namespace Broker.Core.Ports;

/// <summary>What a client wants to do with a topic.</summary>
public enum TopicAction : byte
{
    /// <summary>Publish to a Topic Name.</summary>
    Publish,

    /// <summary>Subscribe to a Topic Filter.</summary>
    Subscribe,

    /// <summary>Receive a message of a Topic Name that a subscription matches.</summary>
    Receive,
}
