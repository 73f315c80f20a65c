namespace Broker.Core.Sessions;

/// <summary>Makes a set of sessions a table by ClientId: what is stored for each is the session alone.</summary>
internal sealed class ClientIdComparer : IEqualityComparer<Session>, IAlternateEqualityComparer<string, Session>
{
    public static ClientIdComparer Instance { get; } = new();

    /// <inheritdoc />
    public bool Equals(Session? x, Session? y) => x?.ClientId == y?.ClientId;

    /// <inheritdoc />
    public int GetHashCode(Session obj) => obj.ClientId.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc />
    public bool Equals(string alternate, Session other) => alternate == other.ClientId;

    /// <inheritdoc />
    public int GetHashCode(string alternate) => alternate.GetHashCode(StringComparison.Ordinal);

    /// <summary>Sessions are looked up by name and never made by it.</summary>
    public Session Create(string alternate) => throw new NotSupportedException();
}
