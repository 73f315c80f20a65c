using System.Globalization;
using Broker.Core;
using Broker.Core.Sessions;
using Broker.Core.Topics;
using Broker.Primitives;

namespace Broker.Benchmarks.Core;

/// <summary>Trees with subscriptions that match nothing, exact ones and both wildcards mixed, and three that match <see cref="Topic"/>.</summary>
internal static class SubscriptionForest
{
    public static byte[] Topic { get; } = "home/kitchen/temperature"u8.ToArray();

    public static void Grow(SubscriptionTree tree, MessageBroker broker, int foreign)
    {
        var session = new Session(broker, new AttachRequest { Identity = ClientIdentity.Internal });
        void Add(string filter) => tree.Add(new Subscription(session, TopicFilter.Parse(filter), default, 0), null);
        Add("home/kitchen/temperature");
        Add("home/+/temperature");
        Add("home/#");
        for (var index = 0; index < foreign; index++)
        {
            Add(string.Create(CultureInfo.InvariantCulture, $"fleet/{index}/{(index % 3) switch { 0 => "up", 1 => "+/state", _ => "#" }}"));
        }
    }
}
