namespace Broker.Core.Ports;

/// <summary>What an authenticator decided. Gateways map it to the codes of their protocol.</summary>
public enum AuthenticationOutcome : byte
{
    /// <summary>This authenticator has no opinion; ask the next one.</summary>
    Ignored,

    /// <summary>The client is who it says.</summary>
    Accepted,

    /// <summary>Unknown user or wrong password.</summary>
    BadCredentials,

    /// <summary>Known, but not allowed to connect.</summary>
    NotAuthorized,

    /// <summary>The ClientId is not allowed.</summary>
    ClientIdRejected,

    /// <summary>The client is banned.</summary>
    Banned,

    /// <summary>The authority cannot be reached; try again later.</summary>
    Unavailable,

    /// <summary>The broker has too much to do; try again later.</summary>
    ServerBusy,

    /// <summary>The client is to use another server for now, see <see cref="AuthenticationResult.ServerReference"/>.</summary>
    UseAnotherServer,

    /// <summary>The client is to use another server from now on, see <see cref="AuthenticationResult.ServerReference"/>.</summary>
    ServerMoved,
}
