namespace Broker.Configuration;

/// <summary>How an HTTP service is asked about a client.</summary>
public enum HttpAuthenticationMethod
{
    /// <summary>POST with ClientId, Username, Password and more as JSON.</summary>
    Post,

    /// <summary>GET with the client's Password as bearer token: a service that tells whose token it is.</summary>
    GetBearer,
}
