namespace Broker.Core.Ports;

/// <summary>Decides who may connect. Asynchronous and the same for every protocol.</summary>
public interface IAuthenticator
{
    /// <summary>Decides on one connection attempt. Must not throw for anything a client can cause.</summary>
    ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellationToken);
}
