namespace Broker.Core.Ports;

/// <summary>What comes next in an <see cref="IAuthenticationExchange"/>.</summary>
/// <param name="Result">The decision; null when the client is to send more.</param>
/// <param name="Data">Authentication Data for the client; null for none.</param>
public sealed record AuthenticationStep(AuthenticationResult? Result, byte[]? Data = null)
{
    /// <summary>The client is to answer <paramref name="data"/>.</summary>
    public static AuthenticationStep Continue(byte[] data) => new(null, data);
}
