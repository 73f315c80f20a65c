namespace Broker.Core.Topics;

/// <summary>
/// A Shared Subscription: each message goes to one member (MQTT 5.0 section 4.8.2). Members are replaced as a whole under the tree's lock;
/// the turn is taken without one.
/// </summary>
internal sealed class SharedGroup(byte[] name)
{
    private Subscription[] _members = [];
    private uint _turn;

    /// <summary>ShareName.</summary>
    public ReadOnlySpan<byte> Name => name;

    /// <summary>Members now.</summary>
    public ReadOnlySpan<Subscription> Members => Volatile.Read(ref _members);

    /// <summary>Adds a member, or replaces the subscription it had before.</summary>
    public void Put(Subscription? old, Subscription subscription) =>
        Volatile.Write(ref _members, old is null ? [.. _members, subscription] : [.. _members.Select(member => ReferenceEquals(member, old) ? subscription : member)]);

    /// <summary>Removes a member; true when none is left.</summary>
    public bool Remove(Subscription subscription)
    {
        Volatile.Write(ref _members, [.. _members.Where(member => !ReferenceEquals(member, subscription))]);
        return _members.Length == 0;
    }

    /// <summary>
    /// The member whose turn it is: connected ones with room in their window first, then connected ones, then any that keeps messages while
    /// it is offline. Null when nobody can take the message.
    /// </summary>
    public Subscription? Next(Sessions.Session? except = null)
    {
        var members = Members;
        if (members.Length == 0)
        {
            return null;
        }

        var turn = (int)(Interlocked.Increment(ref _turn) % (uint)members.Length);
        Subscription? second = null;
        var best = 0;
        for (var step = 0; step < members.Length; step++)
        {
            var member = members[(turn + step) % members.Length];
            var readiness = ReferenceEquals(member.Session, except) ? 0 : member.Session.Readiness;
            if (readiness == Sessions.Session.FullyReady)
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
