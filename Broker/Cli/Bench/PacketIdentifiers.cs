namespace Broker.Cli.Bench;

/// <summary>Packet Identifiers of the QoS 1 and 2 messages that a publisher has in flight.</summary>
internal sealed class PacketIdentifiers
{
    private readonly Dictionary<ushort, long> _used = [];
    private ushort _last;

    /// <summary>Messages in flight.</summary>
    public int Count => _used.Count;

    /// <summary>Messages that may be in flight: the window, or less where the broker's Receive Maximum says so.</summary>
    public int Limit { get; set; } = ushort.MaxValue;

    /// <summary>Messages that may be sent now.</summary>
    public int Free => Limit - Count;

    /// <summary>An identifier that is not in use, for a message that is sent now; <see cref="Free"/> says whether there is one.</summary>
    public ushort Take(long now = 0)
    {
        do
        {
            _last++;
        }
        while (_last == 0 || !_used.TryAdd(_last, now));
        return _last;
    }

    /// <summary>The message has been acknowledged; false when it was not in flight.</summary>
    public bool Release(ushort identifier) => Release(identifier, out _);

    /// <summary>The same, and when it was sent.</summary>
    public bool Release(ushort identifier, out long sentAt) => _used.Remove(identifier, out sentAt);
}
