using Broker.Core.Timing;
using Broker.Primitives;

namespace Broker.Core.Retained;

/// <summary>
/// Expired messages leave also when nobody asks for them: every second a part of those that expire is looked at, so that all are within two
/// minutes. While nothing expires there is no timer.
/// </summary>
internal sealed partial class RetainedStore : ITimed
{
    private const int SweepMilliseconds = 1_000;
    private const int SweepsForAll = 60;
    private const int LeastPerSweep = 256;
    private const int MostUnderLock = 256;

    private readonly ExpiringNodes _expiring = new();
    private bool _sweeping;

    /// <summary>Looks at a part of what expires, and comes again while anything does.</summary>
    void ITimed.OnTimer()
    {
        var left = Math.Max(LeastPerSweep, _expiring.Count / SweepsForAll);
        while (left > 0)
        {
            lock (_gate)
            {
                var part = Math.Min(Math.Min(left, MostUnderLock), _expiring.Count);
                RemoveExpired(part);
                left = part < MostUnderLock ? 0 : left - part;
            }
        }

        lock (_gate)
        {
            _sweeping = false;
            ScheduleSweep();
        }
    }

    private void RemoveExpired(int nodes)
    {
        var now = clock.Now;
        for (; nodes > 0; nodes--)
        {
            var node = _expiring.Next();
            if (node.Message!.ExpiresAt <= now) // [MQTT-3.3.2-5]
            {
                Expire(node);
            }
        }
    }

    private void Expire(RetainedNode node)
    {
        if (node.IsStored)
        {
            store.Retained(new Message { Topic = node.Message!.Topic });
        }

        Set(node, null);
        Prune(node);
    }

    // Called for every change of a node's message.
    private void Track(RetainedNode node)
    {
        if (node.Message is { } message && message.ExpiresAt != Message.NeverExpires)
        {
            _expiring.Add(node);
            ScheduleSweep();
        }
        else
        {
            _expiring.Remove(node);
        }
    }

    private void ScheduleSweep()
    {
        if (!_sweeping && _expiring.Count > 0)
        {
            _sweeping = true;
            wheel.Schedule(this, SweepMilliseconds);
        }
    }
}
