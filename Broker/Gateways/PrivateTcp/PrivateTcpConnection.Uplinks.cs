using System.Text;
using Broker.Core.Ports;
using Broker.Core.Routing;
using Broker.Observability;
using Broker.Primitives;
using Microsoft.Extensions.Logging;

namespace Broker.Gateways.PrivateTcp;

internal sealed partial class PrivateTcpConnection
{
    private byte[] _uplinkProperties = [];
    private LastTopic _lastTopic;

    private void OnUplink(ReadOnlySpan<byte> payload, DeliveryBatch batch)
    {
        var qos = settings.UplinkQos;
        var retain = settings.Options.UplinkRetain;
        batch.Traffic.MessageReceived(BrokerMetrics.ProtocolIndex(Protocol), (int)qos, payload.Length);

        if (!MayPublish(qos, retain))
        {
            RefuseUplink(batch);
            return;
        }

        if (!MayRetain(payload))
        {
            batch.Traffic.Dropped(DropReason.LimitReached);
            return;
        }

        var publication = new Publication
        {
            Topic = _uplinkTopic,
            Payload = payload,
            Properties = _uplinkProperties,
            Qos = qos,
            Retain = retain,
            ExpiresAt = Message.NeverExpires,
            Publisher = _session,
            ArrivedForm = EncodingCache.NoForm,
        };
        Broker.Router.Publish(publication, batch, ref _lastTopic);
        YieldToCongested(_session!, batch);
    }

    // The rules may have changed since CONNECT.
    private bool MayPublish(Qos qos, bool retain)
    {
        var rules = Broker.Authorizer.Version;
        if (_lastTopic.IsPermitted(_uplinkTopic, qos, retain, rules))
        {
            return true;
        }

        var allowed = Broker.Authorizer.AllowsEverything
            || Broker.Authorizer.IsAllowed(_session!.Identity, TopicAction.Publish, _uplinkTopic, qos, retain);
        if (allowed)
        {
            _lastTopic.Permit(Broker.Router, _uplinkTopic, qos, retain, rules);
        }

        return allowed;
    }

    private void RefuseUplink(DeliveryBatch batch)
    {
        batch.Traffic.Dropped(DropReason.NotAuthorized);
        if (logger.IsEnabled(LogLevel.Debug))
        {
            logger.Denied(_session!.ClientId, _session.Identity.Username, "publish to", Encoding.UTF8.GetString(_uplinkTopic));
        }

        if (Broker.Options.Authorization.DisconnectOnDenial)
        {
            Close(CloseReason.NotAuthorized, "it may not publish to its uplink topic");
        }
    }
}
