using Broker.Core.Retained;

namespace Broker.Security.Acl;

/// <summary>A level of the <see cref="AclTree"/>.</summary>
internal sealed class AclNode
{
    private Dictionary<byte[], AclNode>? _children;

    /// <summary>Rules whose filter ends here.</summary>
    public List<AclRule> Rules { get; } = [];

    /// <summary>Rules whose filter ends with `#` below here.</summary>
    public List<AclRule> RulesBelow { get; } = [];

    /// <summary>The level `+`.</summary>
    public AclNode? Any { get; private set; }

    /// <summary>All levels below.</summary>
    public IEnumerable<AclNode> Children => Any is null ? Named : Named.Append(Any);

    private IEnumerable<AclNode> Named => _children?.Values ?? Enumerable.Empty<AclNode>();

    /// <summary>The level of that name; null when there is none.</summary>
    public AclNode? Find(ReadOnlySpan<byte> level) =>
        _children is not null && _children.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(level, out AclNode? child) ? child : null;

    /// <summary>The level of that name, made if there is none.</summary>
    public AclNode GetOrAdd(ReadOnlySpan<byte> level)
    {
        if (level is [(byte)'+'])
        {
            return Any ??= new AclNode();
        }

        _children ??= new Dictionary<byte[], AclNode>(LevelComparer.Instance);
        AclNode? child = Find(level);
        if (child is null)
        {
            child = new AclNode();
            _children.Add(level.ToArray(), child);
        }

        return child;
    }
}
