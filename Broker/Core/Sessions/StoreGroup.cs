using Broker.Core.Ports;

namespace Broker.Core.Sessions;

/// <summary>Changes that take effect together or not at all, from its making to its end; nothing without a store.</summary>
internal readonly ref struct StoreGroup
{
    private readonly IStore? _store;

    public StoreGroup(IStore? store)
    {
        _store = store;
        store?.BeginGroup();
    }

    public void Dispose() => _store?.EndGroup();
}
