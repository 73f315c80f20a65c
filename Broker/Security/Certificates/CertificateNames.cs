using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Broker.Configuration;

namespace Broker.Security.Certificates;

/// <summary>Names that a client certificate gives its holder.</summary>
internal static class CertificateNames
{
    private const string CommonName = "2.5.4.3";
    private const string AlternativeNames = "2.5.29.17";

    // GeneralName (RFC 5280 section 4.2.1.6)
    private const int Email = 1;
    private const int Dns = 2;
    private const int Uri = 6;

    /// <summary>The names of that kind; none where the certificate cannot be read, and none that is empty or has control characters.</summary>
    public static IReadOnlyList<string> Of(X509Certificate2 certificate, CertificateName kind)
    {
        try
        {
            return [.. All(certificate, kind).Where(static name => name.Length > 0 && !name.Any(char.IsControl))];
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException or InvalidOperationException)
        {
            return [];
        }
    }

    private static IEnumerable<string> All(X509Certificate2 certificate, CertificateName kind) => kind switch
    {
        CertificateName.CommonName => CommonNameOf(certificate),
        CertificateName.DistinguishedName => [certificate.Subject],
        CertificateName.Email => AlternativeNamesOf(certificate, Email),
        CertificateName.DnsName => AlternativeNamesOf(certificate, Dns),
        CertificateName.Uri => AlternativeNamesOf(certificate, Uri),
        _ => [],
    };

    // Of several, which one counts would be a guess that the certificate's holder may have had a hand in.
    private static string[] CommonNameOf(X509Certificate2 certificate)
    {
        string[] names = [.. certificate.SubjectName.EnumerateRelativeDistinguishedNames()
            .Where(static name => !name.HasMultipleElements && name.GetSingleElementType().Value == CommonName)
            .Select(static name => name.GetSingleElementValue() ?? "")];
        return names.Length == 1 ? names : [];
    }

    private static IEnumerable<string> AlternativeNamesOf(X509Certificate2 certificate, int kind)
    {
        foreach (X509Extension extension in certificate.Extensions.Where(static extension => extension.Oid?.Value == AlternativeNames))
        {
            AsnReader names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                Asn1Tag tag = names.PeekTag();
                if (tag.TagClass == TagClass.ContextSpecific && tag.TagValue == kind)
                {
                    yield return names.ReadCharacterString(UniversalTagNumber.IA5String, tag);
                }
                else
                {
                    names.ReadEncodedValue();
                }
            }
        }
    }
}
