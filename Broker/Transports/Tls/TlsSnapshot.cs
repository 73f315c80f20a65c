using System.Net.Security;

namespace Broker.Transports.Tls;

/// <summary>What handshakes use, as of one reading of the files.</summary>
/// <param name="Default">For clients that name no server, or an unknown one.</param>
/// <param name="ByName">By the name that the client asks for (SNI), lower case; `*.` stands for one label.</param>
internal sealed record TlsSnapshot(SslServerAuthenticationOptions Default, IReadOnlyDictionary<string, SslServerAuthenticationOptions> ByName)
{
    /// <summary>What a handshake for that name uses (RFC 6066 section 3): the name itself before a wildcard.</summary>
    public SslServerAuthenticationOptions For(string? serverName)
    {
        if (ByName.Count == 0 || string.IsNullOrEmpty(serverName))
        {
            return Default;
        }
        string name = serverName.ToLowerInvariant();
        int dot = name.IndexOf('.');
        return ByName.TryGetValue(name, out SslServerAuthenticationOptions? exact) ? exact
            : dot > 0 && ByName.TryGetValue($"*{name[dot..]}", out SslServerAuthenticationOptions? wildcard) ? wildcard
            : Default;
    }
}
