namespace Broker.Core.Ports;

/// <summary>Who may not connect, as operators see and change it. Safe from any thread.</summary>
internal interface IBanList
{
    /// <summary>The bans in force.</summary>
    IReadOnlyList<Ban> All { get; }

    /// <summary>Puts a ban in force, in place of one of the same kind and value. False when its value is not an address or CIDR but has to be.</summary>
    bool TryAdd(Ban ban);

    /// <summary>The same for a ban that outlives the process, where anything does; <paramref name="unsaved"/> says why it is in force but not written down.</summary>
    bool TryKeep(Ban ban, out string? unsaved);

    /// <summary>Ends a ban. False when there was none; <paramref name="unsaved"/> says why it has ended but that is not written down.</summary>
    bool Remove(BanKind kind, string value, out string? unsaved);

    /// <summary>True when a client is banned.</summary>
    bool Contains(string clientId, string? username, System.Net.EndPoint? peer);
}
