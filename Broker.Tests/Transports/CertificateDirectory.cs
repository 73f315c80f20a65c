using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Broker.Tests.Infrastructure;

namespace Broker.Tests.Transports;

/// <summary>The test certificates as files, in every form that can be configured.</summary>
internal sealed class CertificateDirectory : IDisposable
{
    public const string Password = "s3cret";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("broker-tests-");

    public CertificateDirectory()
    {
        X509Certificate2 server = TestCertificates.Server;
        string chain = server.ExportCertificatePem() + "\n" + TestCertificates.Authority.ExportCertificatePem() + "\n";
        Chain = Write("chain.pem", chain);
        Key = Write("key.pem", TestCertificates.KeyPem(server));
        Combined = Write("combined.pem", chain + TestCertificates.KeyPem(server));
        OtherKey = Write("other.pem", TestCertificates.KeyPem(TestCertificates.Client));
        Authority = Write("ca.pem", TestCertificates.Authority.ExportCertificatePem());
        Garbage = Write("garbage.pem", "nothing to see here");
        EncryptedKey = Write("encrypted.pem", server.GetECDsaPrivateKey()!.ExportEncryptedPkcs8PrivateKeyPem(
            Password, new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1000)));
        Pkcs12 = Path.Combine(_directory.FullName, "server.p12");
        var all = new X509Certificate2Collection { server, X509CertificateLoader.LoadCertificate(TestCertificates.Authority.RawData) };
        File.WriteAllBytes(Pkcs12, all.Export(X509ContentType.Pkcs12, Password)!);
    }

    public string Chain { get; }

    public string Key { get; }

    public string Combined { get; }

    public string OtherKey { get; }

    public string Authority { get; }

    public string Garbage { get; }

    public string EncryptedKey { get; }

    public string Pkcs12 { get; }

    public string Missing => Path.Combine(_directory.FullName, "missing.pem");

    public void Dispose() => _directory.Delete(recursive: true);

    public string Write(string name, string content)
    {
        string path = Path.Combine(_directory.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }
}
