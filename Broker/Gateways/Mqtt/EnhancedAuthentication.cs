using Broker.Core.Ports;

namespace Broker.Gateways.Mqtt;

/// <summary>What a connection needs that authenticates in several steps [MQTT-4.12.0-2]. Others have none.</summary>
/// <param name="authenticator">Who judges.</param>
/// <param name="request">Who wants in.</param>
internal sealed class EnhancedAuthentication(IEnhancedAuthenticator authenticator, AuthenticationRequest request)
{
    /// <summary>The Authentication Method of CONNECT, which stays [MQTT-4.12.0-5].</summary>
    public string Method => authenticator.Method;

    /// <summary>The Username of CONNECT.</summary>
    public string? Username => request.Username;

    /// <summary>The exchange under way; null when none is.</summary>
    public IAuthenticationExchange? Exchange { get; private set; }

    /// <summary>Server Reference for a client that is sent elsewhere when it authenticates again; null for none.</summary>
    public string? ServerReference { get; set; }

    /// <summary>Begins an exchange.</summary>
    public void Begin() => Exchange = authenticator.Begin(request);

    /// <summary>The exchange has ended.</summary>
    public void End() => Exchange = null;
}
