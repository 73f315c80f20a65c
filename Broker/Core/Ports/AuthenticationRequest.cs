using System.Net;
using System.Security.Cryptography.X509Certificates;
using Broker.Primitives;

namespace Broker.Core.Ports;

/// <summary>Who wants in, from where, with what proof: the same for every protocol.</summary>
public sealed class AuthenticationRequest
{
    /// <summary>What the client speaks.</summary>
    public required ClientProtocol Protocol { get; init; }

    /// <summary>ClientId; empty when the broker is to assign one.</summary>
    public required string ClientId { get; init; }

    /// <summary>Username; null when absent.</summary>
    public string? Username { get; init; }

    /// <summary>Password; null when absent. Never logged.</summary>
    public ReadOnlyMemory<byte>? Password { get; init; }

    /// <summary>Name of the listener that accepted the connection.</summary>
    public required string Listener { get; init; }

    /// <summary>Address of the client, as PROXY protocol told it where that is trusted.</summary>
    public EndPoint? Peer { get; init; }

    /// <summary>The client's TLS certificate, already checked against the listener's CA; null without one.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>
    /// Asked by who has let the request wait before anything is spent on it: true when it does not count any more, because others of the same
    /// address or user have failed meanwhile.
    /// </summary>
    internal Func<bool>? IsRefusedMeanwhile { get; set; }
}
