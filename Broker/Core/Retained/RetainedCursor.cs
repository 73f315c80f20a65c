using Broker.Primitives;

namespace Broker.Core.Retained;

/// <summary>
/// A walk over the topics that match a filter, which can rest at any node while the tree changes. A topic that was there all the time is met, one that
/// comes or goes may be, and one that has moved in its level may be met twice. The store's lock guards it.
/// </summary>
internal sealed class RetainedCursor(TopicFilter filter)
{
    private readonly Stack<Level> _levels = new();
    private bool _hasBegun;

    /// <summary>True when nothing is left.</summary>
    public bool IsDone => _hasBegun && _levels.Count == 0;

    /// <summary>Takes one step: from a node to one below it, or back up.</summary>
    /// <returns>A node whose topic matches; null when the step has not led to one.</returns>
    public RetainedNode? Step(RetainedNode root)
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            return Reach(root, 0);
        }

        var (node, rest, left) = _levels.Pop();
        left = Math.Min(left, node.Levels?.Count ?? 0) - 1;
        if (left < 0)
        {
            return null;
        }

        _levels.Push(new Level(node, rest, left));
        var below = node.Levels![left];
        if (node.Parent is null && TopicName.IsReserved(below.Level))
        {
            return null; // [MQTT-4.7.2-1]
        }

        return Reach(below, IsEverything(rest) ? rest : After(rest));
    }

    // Follows the levels that the filter names, from a node for which the rest of the filter is left, as far as the next wildcard.
    private RetainedNode? Reach(RetainedNode node, int rest)
    {
        while (rest <= filter.Text.Length)
        {
            var level = filter.Text[rest..Math.Min(After(rest) - 1, filter.Text.Length)];
            if (level is [(byte)'#' or (byte)'+'])
            {
                if (node.Levels is { } levels)
                {
                    _levels.Push(new Level(node, rest, levels.Count));
                }

                return level is [(byte)'#'] ? node : null; // the level above is meant too
            }

            if (node.Levels?.Find(level) is not { } named)
            {
                return null;
            }

            node = named;
            rest = After(rest);
        }

        return node;
    }

    private bool IsEverything(int rest) => filter.Text[rest] == (byte)'#';

    // Where the next level of the filter begins; behind the end when there is none.
    private int After(int rest)
    {
        var slash = filter.Text[rest..].IndexOf((byte)'/');
        return slash < 0 ? filter.Text.Length + 1 : rest + slash + 1;
    }

    /// <summary>A level with a wildcard that is being walked.</summary>
    /// <param name="Node">The node above.</param>
    /// <param name="Rest">Where the wildcard stands in the filter.</param>
    /// <param name="Left">Nodes of the level that are still to be met.</param>
    private readonly record struct Level(RetainedNode Node, int Rest, int Left);
}
