using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Broker.Configuration;

namespace Broker.Transports.Tls;

/// <summary>Reads a listener's certificate, its key and chain, and the CAs of client certificates.</summary>
internal static class CertificateFiles
{
    private const string PemBegin = "-----BEGIN ";
    private const string EncryptedPemKey = "-----BEGIN ENCRYPTED PRIVATE KEY-----";

    /// <exception cref="ListenerStartException">A file is missing or does not hold what it should.</exception>
    public static (X509Certificate2 Certificate, X509Certificate2Collection Chain) LoadServerCertificate(ServerCertificateOptions options)
    {
        byte[] content = Read(options.CertificateFile!, "certificate");
        string text = System.Text.Encoding.UTF8.GetString(content);
        return text.Contains(PemBegin, StringComparison.Ordinal) ? LoadPem(text, options) : LoadPkcs12(content, options);
    }

    /// <exception cref="ListenerStartException">The file is missing or holds no certificate.</exception>
    public static X509Certificate2Collection LoadCertificateAuthorities(string file)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(System.Text.Encoding.UTF8.GetString(Read(file, "CA")));
        }
        catch (CryptographicException e)
        {
            throw new ListenerStartException($"the CA file {file} cannot be read as PEM certificates; check the file", e);
        }
        return authorities.Count > 0
            ? authorities
            : throw new ListenerStartException($"the CA file {file} holds no PEM certificate; check the file");
    }

    private static (X509Certificate2 Certificate, X509Certificate2Collection Chain) LoadPem(string certificateText, ServerCertificateOptions options)
    {
        string keyFile = options.KeyFile ?? options.CertificateFile!;
        string keyText = options.KeyFile is null ? certificateText : System.Text.Encoding.UTF8.GetString(Read(options.KeyFile, "key"));
        if (!keyText.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            throw new ListenerStartException($"{keyFile} holds no private key; set KeyFile to the certificate's PEM key");
        }
        var chain = new X509Certificate2Collection();
        try
        {
            chain.ImportFromPem(certificateText);
        }
        catch (CryptographicException e)
        {
            throw new ListenerStartException($"{options.CertificateFile} cannot be read as PEM certificates; check the file", e);
        }
        if (chain.Count == 0)
        {
            throw new ListenerStartException($"{options.CertificateFile} holds no PEM certificate; check the file");
        }
        chain.RemoveAt(0);
        return (JoinWithKey(certificateText, keyText, keyFile, PasswordOf(options)), chain);
    }

    private static X509Certificate2 JoinWithKey(string certificateText, string keyText, string keyFile, string? password)
    {
        bool isEncrypted = keyText.Contains(EncryptedPemKey, StringComparison.Ordinal);
        if (isEncrypted && password is null)
        {
            throw new ListenerStartException($"the private key in {keyFile} is encrypted; set KeyPassword or KeyPasswordFile");
        }
        try
        {
            return isEncrypted
                ? X509Certificate2.CreateFromEncryptedPem(certificateText, keyText, password)
                : X509Certificate2.CreateFromPem(certificateText, keyText);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            string remedy = isEncrypted ? "check KeyFile and KeyPassword" : "check KeyFile";
            throw new ListenerStartException($"the private key in {keyFile} does not fit the certificate or cannot be read; {remedy}", e);
        }
    }

    private static (X509Certificate2 Certificate, X509Certificate2Collection Chain) LoadPkcs12(byte[] content, ServerCertificateOptions options)
    {
        X509Certificate2Collection chain;
        try
        {
            chain = X509CertificateLoader.LoadPkcs12Collection(content, PasswordOf(options));
        }
        catch (CryptographicException e)
        {
            throw new ListenerStartException(
                $"{options.CertificateFile} is neither PEM nor a PKCS#12 file that KeyPassword opens; check both", e);
        }
        X509Certificate2 certificate = chain.FirstOrDefault(c => c.HasPrivateKey)
            ?? throw new ListenerStartException($"{options.CertificateFile} holds no certificate with a private key; check the file");
        chain.Remove(certificate);
        return (certificate, chain);
    }

    /// <exception cref="ListenerStartException">The file is missing or holds no revocation list.</exception>
    public static RevokedCertificates LoadRevoked(string file)
    {
        try
        {
            return RevokedCertificates.Read(Read(file, "revocation"));
        }
        catch (FormatException e)
        {
            throw new ListenerStartException($"the revocation file {file} cannot be used: {e.Message}", e);
        }
    }

    private static string? PasswordOf(ServerCertificateOptions options) => options.KeyPasswordFile is { } file
        ? System.Text.Encoding.UTF8.GetString(Read(file, "key password")).TrimEnd('\r', '\n')
        : options.KeyPassword;

    private static byte[] Read(string file, string what)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string reason = e is FileNotFoundException or DirectoryNotFoundException ? "does not exist" : "cannot be read";
            throw new ListenerStartException($"the {what} file {file} {reason}; check the path and its permissions", e);
        }
    }
}
