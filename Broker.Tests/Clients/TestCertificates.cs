using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Broker.Tests.Clients;

/// <summary>A certificate authority and the broker's certificate, made for one test run, as PEM files.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("broker-tests-");

    public TestCertificates()
    {
        using ECDsa authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 authority = Authority(authorityKey);
        using ECDsa brokerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 broker = Broker(authority, brokerKey);

        AuthorityFile = Write("ca.pem", authority.ExportCertificatePem());
        CertificateFile = Write("broker.pem", broker.ExportCertificatePem());
        KeyFile = Write("broker.key", brokerKey.ExportPkcs8PrivateKeyPem());
    }

    public string AuthorityFile { get; }

    public string CertificateFile { get; }

    public string KeyFile { get; }

    /// <summary>The settings that give a listener, or the default listeners, this certificate.</summary>
    public string[] Settings => [$"Tls:CertificateFile={CertificateFile}", $"Tls:KeyFile={KeyFile}"];

    public void Dispose() => _folder.Delete(recursive: true);

    private static X509Certificate2 Authority(ECDsa key)
    {
        CertificateRequest request = new("CN=Test CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return request.CreateSelfSigned(Yesterday, Yesterday.AddDays(30));
    }

    private static X509Certificate2 Broker(X509Certificate2 authority, ECDsa key)
    {
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        return request.Create(authority, Yesterday, Yesterday.AddDays(30), RandomNumberGenerator.GetBytes(8));
    }

    private static DateTimeOffset Yesterday => TimeProvider.System.GetUtcNow().AddDays(-1);

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text + "\n");
        return path;
    }
}
