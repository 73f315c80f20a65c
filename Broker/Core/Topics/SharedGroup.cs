using Broker.Core.Sessions;
using Broker.Primitives;

namespace Broker.Core.Topics;

/// <summary>
/// A Shared Subscription: each message goes to one member (MQTT 5.0 section 4.8.2). Members change in place under the tree's lock, each change
/// O(1) however many they are; the turn is taken without a lock.
/// </summary>
internal sealed class SharedGroup(TopicFilter filter)
{
    private Subscription?[] _members = new Subscription?[4];
    private int _count;
    private uint _turn;

    /// <summary>What its members subscribe to, ShareName included.</summary>
    public TopicFilter Filter => filter;

    /// <summary>Adds a member, or replaces the subscription it had before.</summary>
    public void Put(Subscription? old, Subscription subscription)
    {
        if (old is not null)
        {
            subscription.Slot = old.Slot;
            Volatile.Write(ref _members[old.Slot], subscription);
            return;
        }

        if (_count == _members.Length)
        {
            var larger = new Subscription?[_members.Length * 2];
            _members.CopyTo(larger, 0);
            Volatile.Write(ref _members, larger);
        }

        subscription.Slot = _count;
        Volatile.Write(ref _members[_count], subscription);
        Volatile.Write(ref _count, _count + 1);
    }

    /// <summary>Removes a member, whose place the last one takes; true when none is left.</summary>
    public bool Remove(Subscription subscription)
    {
        // Written in this order, a reader without the lock may see the last member twice, but never misses it.
        var last = _members[_count - 1]!;
        last.Slot = subscription.Slot;
        Volatile.Write(ref _members[last.Slot], last);
        Volatile.Write(ref _members[_count - 1], null);
        Volatile.Write(ref _count, _count - 1);
        return _count == 0;
    }

    /// <summary>
    /// The member whose turn it is: connected ones with room in their window first, then connected ones, then any that keeps messages while
    /// it is offline. Null when nobody can take the message.
    /// </summary>
    public Subscription? Next(Session? except = null)
    {
        var count = Volatile.Read(ref _count);
        var members = Volatile.Read(ref _members).AsSpan();
        members = members[..Math.Min(count, members.Length)];
        if (members.Length == 0)
        {
            return null;
        }

        var turn = (int)(Interlocked.Increment(ref _turn) % (uint)members.Length);
        Subscription? second = null;
        var best = 0;
        for (var step = 0; step < members.Length; step++, turn = turn + 1 == members.Length ? 0 : turn + 1)
        {
            var member = Volatile.Read(ref members[turn]);
            var readiness = member is null || ReferenceEquals(member.Session, except) ? 0 : member.Session.Readiness;
            if (readiness == Session.FullyReady)
            {
                return member;
            }

            if (readiness > best)
            {
                best = readiness;
                second = member;
            }
        }

        return second;
    }
}
