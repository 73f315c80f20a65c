using Broker.Connections;
using Broker.Core;
using Broker.Core.Routing;
using Broker.Core.Sessions;
using Broker.Observability;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Microsoft.Extensions.Logging;

namespace Broker.Gateways.Mqtt;

/// <summary>One MQTT client's life: CONNECT, packets, goodbye. A file per concern.</summary>
internal sealed partial class MqttConnection(MessageBroker broker, ConnectionPeer peer, ILogger logger) : ClientConnection(broker, peer)
{
    private MqttVersion _version = MqttVersion.V311;
    private Session? _session;
    private ConnectPacket? _connecting;
    private ConnAckPacket? _answer;
    private int _receiveMaximum = 1;
    private int _maximumPacketSize = int.MaxValue;
    private bool _problemInformation = true;
    private bool _keepWill = true;

    /// <inheritdoc />
    public override int ReceiveMaximum => _receiveMaximum;

    /// <inheritdoc />
    public override ClientProtocol Protocol => (ClientProtocol)_version;

    private string ClientIdForLog => _session?.ClientId ?? _connecting?.ClientId ?? "a client without CONNECT";

    private bool IsV5 => _version == MqttVersion.V5;

    /// <inheritdoc />
    public override int Receive(ReadOnlySpan<byte> data, DeliveryBatch batch)
    {
        var consumed = 0;
        var packets = 0;
        BeginFilters();
        try
        {
            while (!IsClosed && Suspension is null && !IsUnfinished && TryTakeFrame(data[consumed..], out var frame))
            {
                Process(frame, data.Slice(consumed, frame.Length), batch);
                OnFrameReceived(batch.Now);
                if (_filtersLeft <= 0 && IsLong(data.Length - consumed - frame.Length))
                {
                    break;
                }

                consumed += frame.Length;
                packets += frame.Type == PacketType.Publish ? 0 : 1;
                CountReceived(frame.Length, frame.Type == PacketType.Publish, batch.Now);
            }
        }
        catch (MqttProtocolException fault)
        {
            OnFault(fault, data[consumed..]);
        }

        batch.Traffic.BytesReceived(BrokerMetrics.ProtocolIndex(Protocol), consumed);
        batch.Traffic.ControlReceived(BrokerMetrics.ProtocolIndex(Protocol), packets);
        return consumed;
    }

    /// <inheritdoc />
    protected override void OnStarted() => LimitIdleTime(Broker.Options.Mqtt.ConnectTimeoutSeconds * 1000L, CloseReason.IdleTimeout);

    /// <inheritdoc />
    protected override void OnDrained(DeliveryBatch batch) => _session?.OnDrained(this, batch);

    private bool TryTakeFrame(ReadOnlySpan<byte> data, out MqttFrame frame)
    {
        var limit = _session is null ? Broker.Options.Mqtt.MaximumConnectPacketSizeBytes : _limits.MaximumPacketSizeBytes;
        switch (MqttFrame.TryRead(data, limit, out frame, out var needed))
        {
            case FrameStatus.Done:
                Wanted = 0;
                return true;
            case FrameStatus.NeedMore:
                Wanted = needed;
                return false;
            case FrameStatus.TooLarge:
                MqttProtocolException.Throw(ReasonCode.PacketTooLarge, $"The packet is larger than {limit} bytes."); // [MQTT-3.2.2-15]
                return false;
            default:
                MqttProtocolException.ThrowMalformed("The fixed header is malformed.");
                return false;
        }
    }

    private void Process(in MqttFrame frame, ReadOnlySpan<byte> bytes, DeliveryBatch batch)
    {
        if (frame.Type == PacketType.Publish && _session is not null)
        {
            OnPublish(frame, bytes, batch);
        }
        else if (_authentication is not null && _session is null)
        {
            OnExchangePacket(frame, batch);
        }
        else if (_session is null)
        {
            OnFirstPacket(frame, batch);
        }
        else
        {
            ProcessOther(frame, batch);
        }
    }

    private void ProcessOther(in MqttFrame frame, DeliveryBatch batch)
    {
        switch (frame.Type)
        {
            case PacketType.PubAck:
                OnPubAck(AckPacket.Read(frame, _version), batch);
                break;
            case PacketType.PubRec:
                OnPubRec(AckPacket.Read(frame, _version), batch);
                break;
            case PacketType.PubRel:
                OnPubRel(AckPacket.Read(frame, _version), batch);
                break;
            case PacketType.PubComp:
                OnPubComp(AckPacket.Read(frame, _version), batch);
                break;
            case PacketType.Subscribe:
                OnSubscribe(frame, batch);
                break;
            case PacketType.Unsubscribe:
                OnUnsubscribe(frame, batch);
                break;
            case PacketType.PingReq:
                OnPingReq(frame, batch);
                break;
            case PacketType.Disconnect:
                OnDisconnect(DisconnectPacket.Read(frame, _version));
                break;
            case PacketType.Auth:
                OnAuth(AuthPacket.Read(frame, _version), batch);
                break;
            case PacketType.Connect:
                MqttProtocolException.ThrowProtocolError("A second CONNECT."); // [MQTT-3.1.0-2]
                break;
            default:
                MqttProtocolException.ThrowProtocolError($"{frame.Type} is not a packet that a client sends here.");
                break;
        }
    }

    private void OnPingReq(in MqttFrame frame, DeliveryBatch batch)
    {
        PingPacket.Read(frame, _version);
        Append(MqttWriter.PingResp, batch); // [MQTT-3.12.4-1]
    }
}
