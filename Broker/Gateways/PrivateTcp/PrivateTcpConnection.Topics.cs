using System.Text;
using Broker.Core.Ports;
using Broker.Core.Routing;
using Broker.Core.Sessions;
using Broker.Core.Topics;
using Broker.Primitives;
using Broker.Protocols.PrivateTcp;

namespace Broker.Gateways.PrivateTcp;

internal sealed partial class PrivateTcpConnection
{
    private byte[] _uplinkTopic = [];

    // False when the device is refused: its values do not make two usable topics.
    private bool TryExpandTopics(ClientIdentity identity, out TopicFilter downlink)
    {
        downlink = null!;
        return TryExpand(settings.UplinkTopic, identity, out _uplinkTopic)
            && TryExpand(settings.DownlinkTopic, identity, out var topic)
            && (TopicFilter.TryParse(topic, out downlink, out _) || RefuseTopic("its downlink topic is not a Topic Filter"));
    }

    private bool TryExpand(TopicTemplate template, ClientIdentity identity, out byte[] topic) =>
        template.Expand(identity.ClientId, identity.Username, settings.Options.AllowSlashInTopicValues, out topic) switch
        {
            TopicTemplateOutcome.Expanded when topic.AsSpan().Count((byte)'/') >= _limits.MaximumTopicLevels =>
                RefuseTopic("its topic has too many levels"),
            TopicTemplateOutcome.Expanded => topic.Length <= _limits.MaximumTopicBytes || RefuseTopic("its topic is too long"),
            TopicTemplateOutcome.UsernameMissing => RefuseTopic("a Username is needed"),
            TopicTemplateOutcome.WildcardInValue => RefuseTopic("+, # and NUL are not allowed in its ClientId or Username"),
            TopicTemplateOutcome.SlashInValue => RefuseTopic("/ is not allowed in its ClientId or Username"),
            TopicTemplateOutcome.ReservedTopic => RefuseTopic("its ClientId or Username begins with $"),
            _ => RefuseTopic("its topic is too long"),
        };

    private bool RefuseTopic(string reason)
    {
        Refuse(reason);
        return false;
    }

    // False when the device is refused: it may not use its own topics.
    private bool MayUseTopics(ClientIdentity identity, TopicFilter downlink)
    {
        if (Broker.Authorizer.AllowsEverything)
        {
            return true;
        }

        if (!Broker.Authorizer.IsAllowed(identity, TopicAction.Publish, _uplinkTopic, settings.UplinkQos, settings.Options.UplinkRetain))
        {
            return RefuseTopic($"not authorized to publish to {Encoding.UTF8.GetString(_uplinkTopic)}");
        }

        return Broker.Authorizer.IsAllowed(identity, TopicAction.Subscribe, downlink.Text, settings.DownlinkQos, retain: false)
            || RefuseTopic($"not authorized to subscribe to {downlink}");
    }

    private void SubscribeToDownlinks(Session session, TopicFilter downlink, DeliveryBatch batch)
    {
        session.UnsubscribeOthers(downlink); // a kept session may come from a time with another Username or template
        var options = new SubscriptionOptions(settings.DownlinkQos);
        if (session.Subscribe(downlink, options, identifier: 0))
        {
            session.DeliverRetained([downlink], batch);
        }
    }

    private byte[] UserPropertiesOf(ClientIdentity identity)
    {
        var properties = new List<KeyValuePair<string, string>>();
        foreach (var name in settings.Options.UplinkUserProperties)
        {
            var value = name switch
            {
                "protocol" => "private-tcp",
                "clientid" => identity.ClientId,
                "username" => identity.Username,
                _ => identity.Peer?.ToString(),
            };
            if (value is not null)
            {
                properties.Add(new(name, value));
            }
        }

        return UserPropertyEncoding.Encode(properties);
    }
}
