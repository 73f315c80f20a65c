namespace Broker.Core.Ports;

/// <summary>Authenticates clients in several steps, as SASL mechanisms do (MQTT 5.0 section 4.12).</summary>
public interface IEnhancedAuthenticator
{
    /// <summary>Authentication Method by which clients ask for it, such as `SCRAM-SHA-256`.</summary>
    string Method { get; }

    /// <summary>Begins an exchange with one client.</summary>
    /// <param name="request">Who wants in; the Username and Password of CONNECT, if any, are not verified.</param>
    IAuthenticationExchange Begin(AuthenticationRequest request);
}
