namespace Broker.Core.Ports;

/// <summary>Who may not connect, as operators see and change it. Safe from any thread.</summary>
internal interface IBanList
{
    /// <summary>The bans in force.</summary>
    IReadOnlyList<Ban> All { get; }

    /// <summary>Puts a ban in force, in place of one of the same kind and value. False when its value is not an address or CIDR but has to be.</summary>
    bool TryAdd(Ban ban);

    /// <summary>The same for a ban that outlives the process, where anything does.</summary>
    /// <exception cref="IOException">The ban is in force, but could not be written down.</exception>
    bool TryKeep(Ban ban);

    /// <summary>Ends a ban. False when there was none.</summary>
    /// <exception cref="IOException">The ban has ended, but that could not be written down.</exception>
    bool Remove(BanKind kind, string value);

    /// <summary>True when a client is banned.</summary>
    bool Contains(string clientId, string? username, System.Net.EndPoint? peer);
}
