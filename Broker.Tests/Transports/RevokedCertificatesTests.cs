using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Broker.Tests.Infrastructure;
using Broker.Transports.Tls;
using NUnit.Framework;

namespace Broker.Tests.Transports;

internal sealed class RevokedCertificatesTests
{
    [Test]
    public void A_list_in_PEM_names_certificates_by_issuer_and_number()
    {
        RevokedCertificates revoked = Read(TestCertificates.RevocationList(TestCertificates.Authority, TestCertificates.Client));

        Assert.That((Contains(revoked, TestCertificates.Client), Contains(revoked, TestCertificates.OtherClient)), Is.EqualTo((true, false)));
    }

    [Test]
    public void A_list_in_DER_is_read_as_well()
    {
        string pem = TestCertificates.RevocationList(TestCertificates.Authority, TestCertificates.Client);
        PemFields fields = PemEncoding.Find(pem);

        RevokedCertificates revoked = RevokedCertificates.Read(Convert.FromBase64String(pem[fields.Base64Data]));

        Assert.That((Contains(revoked, TestCertificates.Client), Contains(revoked, TestCertificates.OtherClient)), Is.EqualTo((true, false)));
    }

    [Test]
    public void All_lists_of_a_file_count()
    {
        RevokedCertificates revoked = Read(
            TestCertificates.RevocationList(TestCertificates.OtherAuthority, TestCertificates.Stranger)
            + TestCertificates.RevocationList(TestCertificates.Authority, TestCertificates.Client, TestCertificates.OtherClient));

        Assert.That(revoked.Count, Is.EqualTo(3));
        Assert.That((Contains(revoked, TestCertificates.Stranger), Contains(revoked, TestCertificates.OtherClient)), Is.EqualTo((true, true)));
    }

    [Test]
    public void The_same_number_of_another_issuer_is_another_certificate()
    {
        var list = new CertificateRevocationListBuilder();
        list.AddEntry(TestCertificates.Client.SerialNumberBytes.Span);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        byte[] ofOther = list.Build(TestCertificates.OtherAuthority, 1, now.AddDays(1), HashAlgorithmName.SHA256, thisUpdate: now);

        Assert.That(Contains(RevokedCertificates.Read(ofOther), TestCertificates.Client), Is.False);
    }

    [Test]
    public void A_list_without_entries_revokes_nothing() =>
        Assert.That(Contains(Read(TestCertificates.RevocationList(TestCertificates.Authority)), TestCertificates.Client), Is.False);

    [TestCase("")]
    [TestCase("nothing to see here")]
    [TestCase("-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n")]
    [TestCase("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n")]
    public void What_is_no_list_is_an_error(string content) => Assert.That(() => Read(content), Throws.TypeOf<FormatException>());

    [Test]
    public void A_list_that_is_cut_off_is_an_error()
    {
        string pem = TestCertificates.RevocationList(TestCertificates.Authority, TestCertificates.Client);
        byte[] der = Convert.FromBase64String(pem[PemEncoding.Find(pem).Base64Data]);
        for (int length = 0; length < der.Length; length++)
        {
            Assert.That(() => RevokedCertificates.Read(der[..length]), Throws.TypeOf<FormatException>(), $"{length} bytes");
        }
    }

    private static RevokedCertificates Read(string content) => RevokedCertificates.Read(Encoding.UTF8.GetBytes(content));

    private static bool Contains(RevokedCertificates revoked, X509Certificate2 certificate)
    {
        using var chain = new X509Chain { ChainPolicy = TestCertificates.TrustOfClients };
        chain.Build(certificate);
        return revoked.Contains(chain);
    }
}
