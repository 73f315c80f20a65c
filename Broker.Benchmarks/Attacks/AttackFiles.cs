using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Broker.Security;

namespace Broker.Benchmarks.Attacks;

/// <summary>The operator's files of a run: passwords, rules, certificate, public key of the tokens.</summary>
internal sealed class AttackFiles(string directory)
{
    /// <summary>Password of the healthy user.</summary>
    public const string HealthyPassword = "correct horse battery staple";

    /// <summary>Password of the users that belong here and mean harm.</summary>
    public const string MalloryPassword = "a password of its own";

    private const string Rules = """
        allow user healthy all healthy/#
        allow user mallory all mallory/#
        allow all all devices/%c/#
        allow all all tcp/%c/#
        """;

    /// <summary>Where they are.</summary>
    public string Directory => directory;

    public string PasswordFile => Path.Combine(directory, "passwords");

    public string AclFile => Path.Combine(directory, "acl");

    public string CertificateFile => Path.Combine(directory, "broker.pem");

    public string CertificateKeyFile => Path.Combine(directory, "broker.key");

    /// <summary>Key that verifies tokens: public, so every attacker has it.</summary>
    public string TokenPublicKeyFile => Path.Combine(directory, "token.pub");

    /// <summary>Key that signs tokens, for what has to be let in.</summary>
    public string TokenKeyFile => Path.Combine(directory, "token.key");

    /// <summary>Makes the files.</summary>
    public void Write()
    {
        Write(PasswordFile, string.Join('\n', LineOf("healthy", HealthyPassword), LineOf("mallory", MalloryPassword), ""));
        Write(AclFile, Rules);
        using var token = RSA.Create(2048);
        Write(TokenKeyFile, token.ExportPkcs8PrivateKeyPem());
        Write(TokenPublicKeyFile, token.ExportSubjectPublicKeyInfoPem());
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        Write(CertificateFile, certificate.ExportCertificatePem());
        Write(CertificateKeyFile, key.ExportPkcs8PrivateKeyPem());
    }

    private static string LineOf(string user, string password) => $"{user}:{PasswordHash.Create(Encoding.UTF8.GetBytes(password))}";

    private static void Write(string path, string text)
    {
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }
}
