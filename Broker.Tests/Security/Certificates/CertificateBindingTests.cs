using System.Security.Cryptography.X509Certificates;
using Broker.Configuration;
using Broker.Core.Ports;
using Broker.Primitives;
using Broker.Security;
using Broker.Security.Certificates;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Security.Certificates;

internal sealed class CertificateBindingTests
{
    [TestCase(CertificateName.CommonName, "device-7")]
    [TestCase(CertificateName.DistinguishedName, "CN=device-7, O=Field")]
    [TestCase(CertificateName.DnsName, "localhost")]
    public async Task The_certificates_name_becomes_the_Username(CertificateName name, string username)
    {
        AuthenticationResult result = await LoginAsync(tls => tls.CertificateUsername = name, TestCertificates.Client);

        Assert.That((result.Outcome, result.Username), Is.EqualTo((AuthenticationOutcome.Accepted, username)));
    }

    [Test]
    public async Task A_Username_and_Password_beside_the_certificate_do_not_count()
    {
        AuthenticationResult result = await LoginAsync(
            static tls => tls.CertificateUsername = CertificateName.CommonName, TestCertificates.Client, user: "admin");

        Assert.That((result.Outcome, result.Username), Is.EqualTo((AuthenticationOutcome.Accepted, "device-7")));
    }

    [Test]
    public async Task A_certificate_without_that_name_lets_nobody_in()
    {
        AuthenticationResult result = await LoginAsync(static tls => tls.CertificateUsername = CertificateName.Email, TestCertificates.Client);

        Assert.That(result.Outcome, Is.EqualTo(AuthenticationOutcome.NotAuthorized));
    }

    [TestCase("listener-without")]
    [TestCase("no certificate")]
    public async Task Where_certificates_say_nothing_others_are_asked(string which)
    {
        X509Certificate2? certificate = which == "no certificate" ? null : TestCertificates.Client;
        string listener = which == "no certificate" ? "tls" : "other";

        Assert.That(
            (await LoginAsync(static tls => tls.CertificateUsername = CertificateName.CommonName, certificate, listener: listener)).Outcome,
            Is.EqualTo(AuthenticationOutcome.Banned));
    }

    [TestCase("device-7", AuthenticationOutcome.Accepted)]
    [TestCase("device-8", AuthenticationOutcome.ClientIdRejected)]
    [TestCase("DEVICE-7", AuthenticationOutcome.ClientIdRejected)]
    [TestCase("", AuthenticationOutcome.ClientIdRejected)]
    public async Task The_ClientId_is_the_certificates(string clientId, AuthenticationOutcome expected)
    {
        AuthenticationResult result = await LoginAsync(
            static tls => (tls.CertificateUsername, tls.CertificateClientId) = (CertificateName.CommonName, CertificateName.CommonName),
            TestCertificates.Client, clientId);

        Assert.That(result.Outcome, Is.EqualTo(expected));
    }

    [TestCase("device-7", AuthenticationOutcome.Banned)]
    [TestCase("device-8", AuthenticationOutcome.ClientIdRejected)]
    public async Task A_ClientId_alone_proves_nobody(string clientId, AuthenticationOutcome expected) =>
        Assert.That(
            (await LoginAsync(static tls => tls.CertificateClientId = CertificateName.CommonName, TestCertificates.Client, clientId)).Outcome,
            Is.EqualTo(expected));

    [TestCase("device-7", null)]
    [TestCase("device-8", AuthenticationOutcome.ClientIdRejected)]
    public async Task Several_steps_are_held_to_the_ClientId_too(string clientId, AuthenticationOutcome? expected)
    {
        var scram = new CertificateEnhancedAuthenticator(
            Binding(static tls => tls.CertificateClientId = CertificateName.CommonName), new ScramAuthenticator(static () => PasswordFile.Parse([])));
        IAuthenticationExchange exchange = scram.Begin(Request(TestCertificates.Client, clientId));

        AuthenticationStep step = await exchange.ContinueAsync("n,,n=ann,r=nonce"u8.ToArray(), default);

        Assert.That(step.Result?.Outcome, Is.EqualTo(expected));
    }

    [Test]
    public void Without_names_there_is_no_binding() => Assert.That(CertificateBinding.From(Options(static _ => { })), Is.Null);

    // Whoever the certificate says nothing of is banned by the next in turn, so that it shows who has decided.
    private static async Task<AuthenticationResult> LoginAsync(
        Action<TlsOptions> configure, X509Certificate2? certificate, string clientId = "dev", string? user = null, string listener = "tls")
    {
        var next = new ScriptedAuthenticator { Answer = static _ => ValueTask.FromResult(new AuthenticationResult(AuthenticationOutcome.Banned)) };
        return await new CertificateAuthenticator(Binding(configure), next).AuthenticateAsync(Request(certificate, clientId, user, listener), default);
    }

    private static CertificateBinding Binding(Action<TlsOptions> configure) => CertificateBinding.From(Options(configure))!;

    private static BrokerOptions Options(Action<TlsOptions> configure)
    {
        var options = new BrokerOptions();
        options.Listeners["tls"] = new ListenerOptions();
        options.Listeners["other"] = new ListenerOptions();
        configure(options.Listeners["tls"].Tls);
        return options;
    }

    private static AuthenticationRequest Request(X509Certificate2? certificate, string clientId, string? user = null, string listener = "tls") => new()
    {
        Protocol = ClientProtocol.Mqtt5,
        ClientId = clientId,
        Username = user,
        Password = user is null ? null : "secret"u8.ToArray(),
        Listener = listener,
        ClientCertificate = certificate,
    };
}
