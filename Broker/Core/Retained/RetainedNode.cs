using Broker.Primitives;

namespace Broker.Core.Retained;

/// <summary>One level of the tree of retained messages.</summary>
internal sealed class RetainedNode(RetainedNode? parent, byte[] level)
{
    /// <summary>The level above; null for the root.</summary>
    public RetainedNode? Parent { get; } = parent;

    /// <summary>Text of the level.</summary>
    public byte[] Level { get; } = level;

    /// <summary>The retained message of the topic that ends here.</summary>
    public Message? Message { get; set; }

    /// <summary>True when the message is in the store, which has to hear when it expires.</summary>
    public bool IsStored { get; set; }

    /// <summary>Place among the nodes whose messages expire; -1 for none.</summary>
    public int ExpiringIndex { get; set; } = -1;

    /// <summary>Place among the levels beside it; theirs to set.</summary>
    public int Place { get; set; }

    /// <summary>Levels below; null when there are none.</summary>
    public RetainedLevels? Levels { get; set; }
}
