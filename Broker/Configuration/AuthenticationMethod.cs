namespace Broker.Configuration;

/// <summary>A way in which clients of a listener log in.</summary>
public enum AuthenticationMethod
{
    /// <summary>JSON Web Tokens, section `Authentication:Jwt`.</summary>
    Jwt,

    /// <summary>The HTTP service, section `Authentication:Http`.</summary>
    Http,

    /// <summary>Username and Password, compared with the password file.</summary>
    PasswordFile,

    /// <summary>SCRAM-SHA-256 with the password file (MQTT 5.0 enhanced authentication).</summary>
    Scram,

    /// <summary>No Username.</summary>
    Anonymous,
}
