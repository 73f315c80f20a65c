using Broker.Configuration.Emqx;
using NUnit.Framework;

namespace Broker.Tests.Configuration;

public sealed class EmqxValueTests
{
    [TestCase("15s", "15")]
    [TestCase("500ms", "1")]
    [TestCase("15000", "15")]
    [TestCase("1m30s", "90")]
    [TestCase("2h", "7200")]
    [TestCase("1d", "86400")]
    [TestCase("", null)]
    [TestCase("s", null)]
    [TestCase("5x", null)]
    [TestCase("99999999999999999999999999999999s", null)]
    public void Durations(string text, string? expected) => Assert.That(EmqxValue.Seconds(text), Is.EqualTo(expected));

    [TestCase("1024", "1024")]
    [TestCase("1MB", "1048576")]
    [TestCase("64kb", "65536")]
    [TestCase("800MB", "838860800")]
    [TestCase("1.5KB", "1536")]
    [TestCase("MB", null)]
    [TestCase("1TB", null)]
    public void Sizes(string text, string? expected) => Assert.That(EmqxValue.Bytes(text), Is.EqualTo(expected));

    [TestCase("0.0.0.0:8090", "0.0.0.0", "8090")]
    [TestCase("8090", null, "8090")]
    [TestCase(":::8090", "::", "8090")]
    [TestCase("[::1]:8090", "::1", "8090")]
    public void Endpoints(string text, string? address, string port) => Assert.That(EmqxValue.Endpoint(text), Is.EqualTo((address, port)));

    [TestCase("ECDHE-ECDSA-AES256-GCM-SHA384", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384")]
    [TestCase("ECDHE-RSA-CHACHA20-POLY1305", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256")]
    [TestCase("ECDHE-ECDSA-DES-CBC3-SHA", "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA")]
    [TestCase("DHE-DSS-AES128-SHA256", "TLS_DHE_DSS_WITH_AES_128_CBC_SHA256")]
    [TestCase("AES256-GCM-SHA384", "TLS_RSA_WITH_AES_256_GCM_SHA384")]
    [TestCase("TLS_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256")]
    [TestCase("RUBBISH", null)]
    public void Cipher_suites(string text, string? expected) => Assert.That(OpenSslCipherName.ToIana(text), Is.EqualTo(expected));

    [FsCheck.NUnit.Property]
    public void Nothing_that_is_written_throws(FsCheck.NonNull<string> text)
    {
        EmqxValue.Seconds(text.Get);
        EmqxValue.Bytes(text.Get);
        EmqxValue.Policy(text.Get);
        EmqxValue.Endpoint(text.Get);
        OpenSslCipherName.ToIana(text.Get);
        EmqxListenerKey.Parse(EmqxListenerKey.Prefix + text.Get);
    }
}
