using Broker.Core.Limits;
using Broker.Core.Routing;
using Broker.Core.Sessions;
using Broker.Observability;

namespace Broker.Gateways.PrivateTcp;

internal sealed partial class PrivateTcpConnection
{
    private EffectiveLimits _limits = broker.Limits.Of(peer.Options);

    // A device's frames have a limit of their own; one that is set for the device can only be lower.
    private int MaximumFrame => Math.Min(settings.Options.MaximumPacketSizeBytes, _limits.Given.MaximumPacketSizeBytes ?? int.MaxValue);

    /// <inheritdoc />
    protected override void OnTurn(LimitName? refusal, DeliveryBatch batch)
    {
        var connect = _connecting!;
        if (refusal is { } limit)
        {
            var identity = new ClientIdentity(connect.ClientId, connect.Username, Protocol, Peer.Listener, Peer.Address);
            RefuseForLimit(identity, limit, "the broker is busy");
            return;
        }

        Authenticate(connect, batch);
    }

    // False when the device is refused: there are too many of its user's.
    private bool CheckLimits(ClientIdentity identity) =>
        TryEnter(identity, _limits, out var limit) || RefuseForLimit(identity, limit, "too many connections or sessions");

    // Always false.
    private bool RefuseForLimit(ClientIdentity identity, LimitName limit, string reason)
    {
        Broker.Limits.Report(identity, limit, $"its CONNECT is refused, {reason}");
        AnswerRefusal(reason);
        return false;
    }

    private bool MayRetain(ReadOnlySpan<byte> payload) => Broker.MayRetain(
        _session!.Identity,
        _uplinkTopic,
        _uplinkTopic.Length + _uplinkProperties.Length + payload.Length,
        settings.Options.UplinkRetain && payload.Length > 0,
        _limits);
}
