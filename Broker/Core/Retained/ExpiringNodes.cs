namespace Broker.Core.Retained;

/// <summary>The nodes whose messages expire, in no order, with a place to go on from when they are looked at a few at a time.</summary>
internal sealed class ExpiringNodes
{
    private readonly List<RetainedNode> _nodes = [];
    private int _next;

    /// <summary>Nodes whose messages expire.</summary>
    public int Count => _nodes.Count;

    /// <summary>Takes a node in; does nothing when it is in.</summary>
    public void Add(RetainedNode node)
    {
        if (node.ExpiringIndex < 0)
        {
            node.ExpiringIndex = _nodes.Count;
            _nodes.Add(node);
        }
    }

    /// <summary>Takes a node out, the last one takes its place; does nothing when it is not in.</summary>
    public void Remove(RetainedNode node)
    {
        if (node.ExpiringIndex < 0)
        {
            return;
        }

        var last = _nodes[^1];
        _nodes[node.ExpiringIndex] = last;
        last.ExpiringIndex = node.ExpiringIndex;
        _nodes.RemoveAt(_nodes.Count - 1);
        node.ExpiringIndex = -1;
    }

    /// <summary>The node to look at next, each once in <see cref="Count"/> calls; a node may be removed in between. At least one must be in.</summary>
    public RetainedNode Next()
    {
        // Backwards, so that what takes the place of a removed node has been looked at.
        _next = _next == 0 || _next > _nodes.Count ? _nodes.Count - 1 : _next - 1;
        return _nodes[_next];
    }
}
