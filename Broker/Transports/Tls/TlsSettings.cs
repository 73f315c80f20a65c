using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Broker.Configuration;

namespace Broker.Transports.Tls;

/// <summary>TLS of one listener, loaded and ready for handshakes.</summary>
internal sealed class TlsSettings
{
    private readonly TlsOptions _options;
    private volatile TlsSnapshot _snapshot;

    private TlsSettings(TlsOptions options)
    {
        _options = options;
        _snapshot = ReadAll(options);
    }

    /// <summary>What the next handshake of a client uses that names no server.</summary>
    public SslServerAuthenticationOptions Authentication => _snapshot.Default;

    public X509Certificate2 Certificate => Authentication.ServerCertificateContext!.TargetCertificate;

    public TimeSpan HandshakeTimeout => TimeSpan.FromSeconds(_options.HandshakeTimeoutSeconds);

    /// <summary>The files that were read.</summary>
    public IReadOnlyList<string> Files =>
        [.. _options.ServerNames.Values.Prepend(_options)
            .SelectMany(static each => (string?[])[each.CertificateFile, each.KeyFile, each.KeyPasswordFile])
            .Append(_options.CaFile).Append(_options.RevocationFile).OfType<string>()];

    /// <exception cref="ListenerStartException">A file or a setting cannot be used.</exception>
    public static TlsSettings Load(TlsOptions options) => new(options);

    /// <summary>What the next handshake of a client uses that asks for this server (SNI).</summary>
    public SslServerAuthenticationOptions For(string? serverName) => _snapshot.For(serverName);

    /// <summary>Reads the files again, for the handshakes to come; open connections stay. Returns what is wrong with them, and has then changed nothing.</summary>
    public string? TryReload()
    {
        try
        {
            _snapshot = ReadAll(_options);
            return null;
        }
        catch (ListenerStartException mistake)
        {
            return mistake.Message;
        }
    }

    private static TlsSnapshot ReadAll(TlsOptions options) => new(
        Read(options, options),
        options.ServerNames.ToDictionary(
            static each => each.Key.ToLowerInvariant(), each => Read(options, each.Value), StringComparer.Ordinal));

    private static SslServerAuthenticationOptions Read(TlsOptions options, ServerCertificateOptions own)
    {
        (X509Certificate2 certificate, X509Certificate2Collection chain) = CertificateFiles.LoadServerCertificate(own);
        var authentication = new SslServerAuthenticationOptions
        {
            // Built once: session resumption and the chain live in it. Offline, so that no start hangs on a fetch of intermediates.
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true),
            EnabledSslProtocols = ReadVersions(options.Versions),
            CipherSuitesPolicy = ReadCipherSuites(options.CipherSuites),
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            // No ALPN: devices offer all kinds of names, and a server that insists on one of its own would refuse them.
            ApplicationProtocols = [],
        };
        AskForClientCertificate(authentication, options);
        return authentication;
    }

    private static void AskForClientCertificate(SslServerAuthenticationOptions authentication, TlsOptions options)
    {
        if (options.ClientCertificate == ClientCertificateMode.None)
        {
            return;
        }
        bool isRequired = options.ClientCertificate == ClientCertificateMode.Required;
        authentication.ClientCertificateRequired = true;
        // Sessions are shared by all listeners with the same certificate: one resumed from a listener that does not ask would come
        // without the client's certificate.
        authentication.AllowTlsResume = false;
        RevokedCertificates? revoked = options.RevocationFile is { } lists ? CertificateFiles.LoadRevoked(lists) : null;
        authentication.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            certificate is null ? !isRequired : errors == SslPolicyErrors.None && !(revoked is not null && (chain is null || revoked.Contains(chain)));
        authentication.CertificateChainPolicy = Trust(options.CaFile is { } bundle ? CertificateFiles.LoadCertificateAuthorities(bundle) : null);
    }

    // Nothing is fetched from addresses that a stranger's certificate names.
    private static X509ChainPolicy Trust(X509Certificate2Collection? authorities)
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (authorities is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(authorities);
            policy.ExtraStore.AddRange(authorities);
        }
        return policy;
    }

    private static SslProtocols ReadVersions(List<string> versions)
    {
        if (versions.Count == 0)
        {
            return SslProtocols.Tls12 | SslProtocols.Tls13;
        }
        SslProtocols protocols = SslProtocols.None;
        foreach (string version in versions)
        {
            protocols |= version switch
            {
                "1.2" => SslProtocols.Tls12,
                "1.3" => SslProtocols.Tls13,
                _ => throw new ListenerStartException($"TLS version '{version}' is not supported; use 1.2 or 1.3"),
            };
        }
        return protocols;
    }

    private static CipherSuitesPolicy? ReadCipherSuites(List<string> names)
    {
        if (names.Count == 0 || !(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS()))
        {
            return null;
        }
        var suites = new List<TlsCipherSuite>(names.Count);
        foreach (string name in names)
        {
            suites.Add(Enum.TryParse(name, ignoreCase: true, out TlsCipherSuite suite) && Enum.IsDefined(suite)
                ? suite
                : throw new ListenerStartException($"cipher suite '{name}' is not known; use an IANA name such as TLS_AES_128_GCM_SHA256"));
        }
        return new CipherSuitesPolicy(suites);
    }
}
