using Broker.Primitives;

namespace Broker.Gateways.PrivateTcp;

/// <summary>
/// The downlinks of one connection that the socket has not taken, oldest first. Holds a queue only while there are some; a thread lends the same
/// one to the connections it serves in turn. Not thread-safe: the connection's lock guards it.
/// </summary>
internal struct UndeliveredDownlinks
{
    private const int LargestSpare = 1024;

    [ThreadStatic]
    private static Queue<UndeliveredDownlink>? t_spare;

    private Queue<UndeliveredDownlink>? _waiting;

    /// <summary>Downlinks that wait.</summary>
    public readonly int Count => _waiting?.Count ?? 0;

    /// <summary>A downlink's frame was appended.</summary>
    public void Add(in UndeliveredDownlink downlink)
    {
        if (_waiting is null)
        {
            _waiting = t_spare ?? new Queue<UndeliveredDownlink>();
            t_spare = null;
        }

        _waiting.Enqueue(downlink);
    }

    /// <summary>Forgets what the socket has taken, up to the next downlink that the session waits for, which is returned. False when none is left.</summary>
    public bool TryTakeAwaited(long sentBytes, out UndeliveredDownlink delivered)
    {
        delivered = default;
        if (_waiting is null)
        {
            return false;
        }

        while (_waiting.TryPeek(out delivered) && delivered.End <= sentBytes)
        {
            _waiting.Dequeue();
            if (delivered.Qos != Qos.AtMostOnce)
            {
                return true;
            }
        }

        if (_waiting.Count == 0)
        {
            t_spare = _waiting.EnsureCapacity(0) <= LargestSpare ? _waiting : null;
            _waiting = null;
        }

        return false;
    }

    /// <summary>Gives back memory that a past peak needed.</summary>
    public readonly void Trim() => _waiting?.TrimExcess();
}
