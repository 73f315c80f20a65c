namespace Broker.Configuration;

/// <summary>What happens when a client asks for a ClientId whose session another user made.</summary>
public enum ClientIdOwnership
{
    /// <summary>It is refused for as long as that session lives, connected or kept.</summary>
    Refuse,

    /// <summary>That session ends, and the client gets one of its own with nothing of it.</summary>
    EndSession,
}
