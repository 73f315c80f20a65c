using System.Security.Cryptography.X509Certificates;
using Broker.Configuration;
using Broker.Security.Certificates;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Security.Certificates;

internal sealed class CertificateNamesTests
{
    [TestCase(CertificateName.None, new string[0])]
    [TestCase(CertificateName.CommonName, new[] { "device-7" })]
    [TestCase(CertificateName.DistinguishedName, new[] { "CN=device-7, O=Field" })]
    [TestCase(CertificateName.Email, new[] { "device-7@field.example" })]
    [TestCase(CertificateName.DnsName, new[] { "device-7.field.example", "second.field.example" })]
    [TestCase(CertificateName.Uri, new[] { "urn:device:7" })]
    public void Each_kind_of_name_is_found(CertificateName kind, string[] expected) =>
        Assert.That(CertificateNames.Of(TestCertificates.ManyNames, kind), Is.EqualTo(expected));

    [TestCase(CertificateName.Email)]
    [TestCase(CertificateName.Uri)]
    public void A_name_that_is_not_there_is_none(CertificateName kind) =>
        Assert.That(CertificateNames.Of(TestCertificates.Client, kind), Is.Empty);

    [TestCase("CN=one,CN=two")]
    [TestCase("O=Field")]
    public void A_common_name_is_the_only_one_or_none(string subject) =>
        Assert.That(CertificateNames.Of(Issue(subject), CertificateName.CommonName), Is.Empty);

    [Test]
    public void A_name_with_control_characters_is_none()
    {
        X509Certificate2 certificate = Issue("CN=\"device\n7\"", static names => names.AddDnsName("good.example"));

        Assert.That(CertificateNames.Of(certificate, CertificateName.CommonName), Is.Empty);
        Assert.That(CertificateNames.Of(certificate, CertificateName.DnsName), Is.EqualTo(new[] { "good.example" }));
    }

    private static X509Certificate2 Issue(string subject, Action<SubjectAlternativeNameBuilder>? name = null) =>
        TestCertificates.Issue(subject, TestCertificates.Authority, name);
}
