using Broker.Primitives;

namespace Broker.Core.Routing;

/// <summary>
/// What a publisher remembers of the topic it published to last: the route, and with which QoS and RETAIN it may publish there under which
/// rules. A client that keeps to one topic asks nobody until rules or subscriptions change. Belongs to the reader of one connection.
/// </summary>
internal struct LastTopic
{
    private Route? _route;
    private int _rules;
    private byte _permitted;

    /// <summary>The route to what is published to a topic.</summary>
    public Route Find(Router router, ReadOnlySpan<byte> topic)
    {
        if (_route is null || !_route.Topic.SequenceEqual(topic))
        {
            _permitted = 0;
            _route = router.Find(topic);
        }
        else if (!router.IsCurrent(_route))
        {
            _route = router.Find(topic);
        }

        return _route;
    }

    /// <summary>True when a publish like this is known to be permitted under those rules.</summary>
    public readonly bool IsPermitted(ReadOnlySpan<byte> topic, Qos qos, bool retain, int rules) =>
        (_permitted & BitOf(qos, retain)) != 0 && _rules == rules && _route!.Topic.SequenceEqual(topic);

    /// <summary>Remembers that a publish like this is permitted.</summary>
    /// <param name="router">Where routes are found.</param>
    /// <param name="topic">Topic Name.</param>
    /// <param name="qos">QoS of the publish.</param>
    /// <param name="retain">RETAIN flag of the publish.</param>
    /// <param name="rules">Version of the rules, taken before they were asked; 0 to remember nothing.</param>
    public void Permit(Router router, ReadOnlySpan<byte> topic, Qos qos, bool retain, int rules)
    {
        if (rules == 0)
        {
            return;
        }

        Find(router, topic);
        if (_rules != rules)
        {
            _permitted = 0;
            _rules = rules;
        }

        _permitted |= (byte)BitOf(qos, retain);
    }

    private static int BitOf(Qos qos, bool retain) => 1 << (((int)qos << 1) + (retain ? 1 : 0));
}
