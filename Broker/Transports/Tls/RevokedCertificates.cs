using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Broker.Transports.Tls;

/// <summary>
/// Certificate revocation lists (RFC 5280 section 5) from a file. The file is trusted as the CA file is: signatures are not checked, and a list
/// that is past its next update still counts.
/// </summary>
internal sealed class RevokedCertificates
{
    private const string PemLabel = "X509 CRL";

    // Issuer and serial number, both as they are encoded.
    private readonly HashSet<string> _serials = new(StringComparer.Ordinal);

    private RevokedCertificates()
    {
    }

    /// <summary>Certificates in the lists.</summary>
    public int Count => _serials.Count;

    /// <summary>Reads one list in DER, or any number in PEM.</summary>
    /// <exception cref="FormatException">The content holds no list that can be read.</exception>
    public static RevokedCertificates Read(byte[] content)
    {
        var revoked = new RevokedCertificates();
        try
        {
            string text = System.Text.Encoding.UTF8.GetString(content);
            if (!text.Contains("-----BEGIN ", StringComparison.Ordinal))
            {
                revoked.Add(content);
                return revoked;
            }
            revoked.AddPem(text);
            return revoked;
        }
        catch (Exception e) when (e is AsnContentException or ArgumentException)
        {
            throw new FormatException("not a certificate revocation list", e);
        }
    }

    /// <summary>True when the certificate, or one of those that it comes from, is in a list of its issuer.</summary>
    public bool Contains(X509Chain chain) => chain.ChainElements.Any(element => Contains(element.Certificate));

    private bool Contains(X509Certificate2 certificate) =>
        _serials.Contains(KeyOf(certificate.IssuerName.RawData, certificate.SerialNumberBytes.Span));

    private void AddPem(ReadOnlySpan<char> text)
    {
        bool isFound = false;
        while (PemEncoding.TryFind(text, out PemFields fields))
        {
            if (text[fields.Label].SequenceEqual(PemLabel))
            {
                byte[] list = new byte[fields.DecodedDataLength];
                Convert.TryFromBase64Chars(text[fields.Base64Data], list, out _);
                Add(list);
                isFound = true;
            }
            text = text[fields.Location.End..];
        }
        if (!isFound)
        {
            throw new FormatException($"no -----BEGIN {PemLabel}----- in it");
        }
    }

    // CertificateList ::= SEQUENCE { SEQUENCE { version?, signature, issuer, thisUpdate, nextUpdate?, revokedCertificates?, … }, … }
    private void Add(byte[] list)
    {
        AsnReader signed = new AsnReader(list, AsnEncodingRules.DER).ReadSequence().ReadSequence();
        if (signed.PeekTag() == Asn1Tag.Integer)
        {
            signed.ReadInteger();
        }
        signed.ReadSequence();
        byte[] issuer = signed.ReadEncodedValue().ToArray();
        while (signed.HasData && signed.PeekTag().TagValue is (int)UniversalTagNumber.UtcTime or (int)UniversalTagNumber.GeneralizedTime)
        {
            signed.ReadEncodedValue();
        }
        if (!signed.HasData || signed.PeekTag() != Asn1Tag.Sequence)
        {
            return; // nothing is revoked
        }
        AsnReader revoked = signed.ReadSequence();
        while (revoked.HasData)
        {
            _serials.Add(KeyOf(issuer, revoked.ReadSequence().ReadIntegerBytes().Span));
        }
    }

    private static string KeyOf(ReadOnlySpan<byte> issuer, ReadOnlySpan<byte> serial) =>
        $"{Convert.ToHexString(issuer)} {Convert.ToHexString(serial.TrimStart((byte)0))}";
}
