namespace Broker.Observability;

/// <summary>Counters of one batch: plain fields, because a batch belongs to one thread.</summary>
internal sealed class TrafficCounters
{
    /// <summary>Protocols that traffic is told apart by: MQTT and private TCP.</summary>
    public const int Protocols = 2;

    private readonly long[] _received = new long[Protocols * 3];
    private readonly long[] _sent = new long[Protocols * 3];
    private readonly long[] _bytesReceived = new long[Protocols];
    private readonly long[] _payloadReceived = new long[Protocols];
    private readonly long[] _payloadSent = new long[Protocols];
    private readonly long[] _controlReceived = new long[Protocols];
    private readonly long[] _controlSent = new long[Protocols];
    private readonly long[] _dropped = new long[Enum.GetValues<DropReason>().Length];
    private bool _any;

    /// <summary>A message arrived from a client.</summary>
    public void MessageReceived(int protocol, int qos, int payloadBytes)
    {
        _received[(protocol * 3) + qos]++;
        _payloadReceived[protocol] += payloadBytes;
        _any = true;
    }

    /// <summary>A message was appended for a client.</summary>
    public void MessageSent(int protocol, int qos, int payloadBytes)
    {
        _sent[(protocol * 3) + qos]++;
        _payloadSent[protocol] += payloadBytes;
        _any = true;
    }

    /// <summary>Packets arrived that carry no message.</summary>
    public void ControlReceived(int protocol, int packets)
    {
        _controlReceived[protocol] += packets;
        _any = true;
    }

    /// <summary>A packet that carries no message was appended for a client.</summary>
    public void ControlSent(int protocol)
    {
        _controlSent[protocol]++;
        _any = true;
    }

    /// <summary>Bytes were taken off a connection.</summary>
    public void BytesReceived(int protocol, int bytes)
    {
        _bytesReceived[protocol] += bytes;
        _any = true;
    }

    /// <summary>A message did not reach a receiver.</summary>
    public void Dropped(DropReason reason, int count = 1)
    {
        _dropped[(int)reason] += count;
        _any = true;
    }

    /// <summary>Moves everything to the metrics and starts again at zero.</summary>
    public void AddTo(BrokerMetrics metrics)
    {
        if (!_any)
        {
            return;
        }

        _any = false;
        metrics.MessagesReceived.Take(_received);
        metrics.MessagesSent.Take(_sent);
        metrics.BytesReceived.Take(_bytesReceived);
        metrics.PayloadBytesReceived.Take(_payloadReceived);
        metrics.PayloadBytesSent.Take(_payloadSent);
        metrics.ControlPacketsReceived.Take(_controlReceived);
        metrics.ControlPacketsSent.Take(_controlSent);
        metrics.MessagesDropped.Take(_dropped);
    }
}
