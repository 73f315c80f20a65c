namespace Broker.Cli.Bench;

/// <summary>How the load's clients use TLS.</summary>
/// <param name="CertificateAuthorityFile">PEM file of the authority to trust instead of the system's.</param>
/// <param name="Insecure">Accept any certificate.</param>
internal sealed record LoadTls(string? CertificateAuthorityFile, bool Insecure);
