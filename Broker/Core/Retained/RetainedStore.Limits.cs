using Broker.Core.Limits;
using Broker.Observability;
using Broker.Primitives;

namespace Broker.Core.Retained;

/// <summary>How much may be retained: of all clients together, and of each.</summary>
internal sealed partial class RetainedStore
{
    private RetainedUse? _uses; // from the first client on whose retained messages are limited

    /// <summary>The limit that a message to retain would exceed; null when it has room. Who replaces a message by one that is not larger always has.</summary>
    /// <param name="topic">Topic Name.</param>
    /// <param name="size">Bytes, see <see cref="Message.Size"/>.</param>
    /// <param name="clientId">The publisher.</param>
    /// <param name="limits">The publisher's limits.</param>
    public LimitName? LimitFor(ReadOnlySpan<byte> topic, int size, string clientId, EffectiveLimits limits)
    {
        if (!limits.LimitsRetained && options is { MaximumMessages: 0, MaximumBytes: 0 })
        {
            return null;
        }

        lock (_gate)
        {
            var old = NodeFor(topic, create: false)?.Message;
            return LimitOfAll(old, size) ?? (limits.LimitsRetained ? LimitOfClient(old, size, clientId, limits) : null);
        }
    }

    private LimitName? LimitOfAll(Message? old, int size)
    {
        if (options.MaximumMessages > 0 && old is null && _count >= options.MaximumMessages)
        {
            return LimitName.RetainedMessages;
        }

        var growth = size - (old?.Size ?? 0);
        return options.MaximumBytes > 0 && growth > 0 && _bytes + growth > options.MaximumBytes ? LimitName.RetainedBytes : null;
    }

    private LimitName? LimitOfClient(Message? old, int size, string clientId, EffectiveLimits limits)
    {
        var (messages, bytes) = (_uses ??= CountAll()).Of(clientId);
        old = old?.Publisher == clientId ? old : null;
        if (old is null && messages >= limits.MaximumRetainedMessages)
        {
            return LimitName.RetainedMessagesOfClient;
        }

        var growth = size - (old?.Size ?? 0);
        return growth > 0 && bytes + growth > limits.MaximumRetainedBytes ? LimitName.RetainedBytesOfClient : null;
    }

    private void Recount(Message? old, Message? fresh)
    {
        if (old is not null)
        {
            _uses!.Remove(old);
        }

        if (fresh is not null)
        {
            _uses!.Add(fresh);
        }
    }

    private RetainedUse CountAll()
    {
        var uses = new RetainedUse();
        var pending = new Stack<RetainedNode>([_root]);
        while (pending.TryPop(out var node))
        {
            if (node.Message is { } message)
            {
                uses.Add(message);
            }

            for (var place = 0; place < (node.Levels?.Count ?? 0); place++)
            {
                pending.Push(node.Levels![place]);
            }
        }

        return uses;
    }
}
