namespace Broker.Core.Topics;

/// <summary>
/// One level of the tree of Topic Filters, or one whole exact filter. Small on purpose: a fleet has millions. Fields are written under the
/// tree's lock and read without one.
/// </summary>
internal sealed class TopicNode(TopicNode? parent, ReadOnlyMemory<byte> key, int hash)
{
    /// <summary>The level above.</summary>
    public readonly TopicNode? Parent = parent;

    /// <summary>Text of the level, or of the whole filter.</summary>
    public readonly ReadOnlyMemory<byte> Key = key;

    /// <summary>Hash of parent and key.</summary>
    public readonly int Hash = hash;

    /// <summary>Child `+`.</summary>
    public TopicNode? SingleLevel;

    /// <summary>Child `#`.</summary>
    public TopicNode? MultiLevel;

    /// <summary>Subscriptions that end here.</summary>
    public Subscribers Subscribers;

    /// <summary>Shared groups that end here; replaced as a whole.</summary>
    public SharedGroup[]? Groups;

    /// <summary>Children of all kinds; a node without children and subscribers is removed.</summary>
    public int Children;

    /// <summary>True when nothing ends here and nothing hangs below.</summary>
    public bool IsEmpty => Children == 0 && Subscribers.IsEmpty && Groups is null;
}
