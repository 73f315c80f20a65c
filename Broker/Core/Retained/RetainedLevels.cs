namespace Broker.Core.Retained;

/// <summary>
/// The levels below a node: a list, with an index once they are many. The last one takes the place of one that leaves, and one that comes stands
/// behind all others, so that who walks from the end to the beginning while they change misses none that was there all the time.
/// </summary>
internal sealed class RetainedLevels
{
    private const int FewAtMost = 8;

    private RetainedNode[] _nodes = new RetainedNode[1];
    private Dictionary<byte[], RetainedNode>? _index;

    /// <summary>Levels in the list.</summary>
    public int Count { get; private set; }

    /// <summary>The node of a level.</summary>
    public RetainedNode this[int place] => _nodes[place];

    /// <summary>The node of the level with this text, or null.</summary>
    public RetainedNode? Find(ReadOnlySpan<byte> level)
    {
        if (_index is { } index)
        {
            return index.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(level, out var found) ? found : null;
        }

        foreach (var node in _nodes.AsSpan(0, Count))
        {
            if (level.SequenceEqual(node.Level))
            {
                return node;
            }
        }

        return null;
    }

    /// <summary>Adds a level that is not there.</summary>
    public void Add(RetainedNode node)
    {
        if (Count == _nodes.Length)
        {
            Array.Resize(ref _nodes, Count * 2);
        }

        node.Place = Count;
        _nodes[Count++] = node;
        if (_index is not null)
        {
            _index.Add(node.Level, node);
        }
        else if (Count > FewAtMost)
        {
            _index = _nodes.Take(Count).ToDictionary(static listed => listed.Level, LevelComparer.Instance);
        }
    }

    /// <summary>Removes a level that is there.</summary>
    public void Remove(RetainedNode node)
    {
        var last = _nodes[--Count];
        _nodes[node.Place] = last;
        last.Place = node.Place;
        _nodes[Count] = null!;
        _index?.Remove(node.Level);
    }
}
