namespace Broker.Cli.Bench;

/// <summary>Packet Identifiers of the QoS 1 and 2 messages that a publisher has in flight.</summary>
internal sealed class PacketIdentifiers
{
    private readonly System.Collections.BitArray _used = new(ushort.MaxValue + 1);
    private ushort _last;

    /// <summary>Messages in flight.</summary>
    public int Count { get; private set; }

    /// <summary>Messages that may be in flight: the window, or less where the broker's Receive Maximum says so.</summary>
    public int Limit { get; set; } = ushort.MaxValue;

    /// <summary>Messages that may be sent now.</summary>
    public int Free => Limit - Count;

    /// <summary>An identifier that is not in use; <see cref="Free"/> says whether there is one.</summary>
    public ushort Take()
    {
        do
        {
            _last++;
        }
        while (_last == 0 || _used[_last]);
        _used[_last] = true;
        Count++;
        return _last;
    }

    /// <summary>The message has been acknowledged; false when it was not in flight.</summary>
    public bool Release(ushort identifier)
    {
        if (!_used[identifier])
        {
            return false;
        }

        _used[identifier] = false;
        Count--;
        return true;
    }
}
