using System.Text;
using Broker.Core.Ports;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Security;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Security;

/// <summary>SCRAM-SHA-256 with the example of RFC 7677 section 3.</summary>
internal sealed class ScramTests
{
    private const string ServerNonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private const string ClientFirst = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
    private const string ServerFirst = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    private const string WithoutProof = "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private const string ClientFinal = WithoutProof + ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
    private const string ServerFinal = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

    private static readonly ScramCredential Credential =
        ScramCredential.Create("pencil"u8, Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);

    private static ScramAuthenticator Authenticator => new(static () => PasswordFile.Parse([$"user:{Credential}"]), () => ServerNonce);

    [Test]
    public async Task The_example_of_RFC_7677()
    {
        (AuthenticationStep first, AuthenticationStep? final) = await RunAsync(ClientFirst, ClientFinal);

        Assert.That((first.Result, Text(first)), Is.EqualTo(((AuthenticationResult?)null, ServerFirst)));
        Assert.That((final!.Result!.Outcome, final.Result.Username, Text(final)), Is.EqualTo((AuthenticationOutcome.Accepted, "user", ServerFinal)));
    }

    [TestCase(WithoutProof + ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVA=", TestName = "A_wrong_proof")]
    [TestCase(WithoutProof + ",p=dHzb", TestName = "A_short_proof")]
    [TestCase(WithoutProof + ",p=*", TestName = "A_proof_that_is_not_Base64")]
    [TestCase(WithoutProof, TestName = "No_proof")]
    [TestCase("c=biws,r=other,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", TestName = "Another_nonce")]
    [TestCase("c=eSws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzb", TestName = "Another_header")]
    [TestCase("", TestName = "Nothing")]
    public async Task Refused(string clientFinal) =>
        Assert.That((await RunAsync(ClientFirst, clientFinal)).Final!.Result!.Outcome, Is.EqualTo(AuthenticationOutcome.BadCredentials));

    [TestCase("", AuthenticationOutcome.BadCredentials)]
    [TestCase("n", AuthenticationOutcome.BadCredentials)]
    [TestCase("n,,", AuthenticationOutcome.BadCredentials)]
    [TestCase("p=tls-unique,,n=user,r=x", AuthenticationOutcome.BadCredentials)]
    [TestCase("n,,m=x,n=user,r=x", AuthenticationOutcome.BadCredentials)]
    [TestCase("n,,n=,r=x", AuthenticationOutcome.BadCredentials)]
    [TestCase("n,,n=us=er,r=x", AuthenticationOutcome.BadCredentials)]
    [TestCase("n,,n=user,r=", AuthenticationOutcome.BadCredentials)]
    [TestCase("n,a=other,n=user,r=x", AuthenticationOutcome.NotAuthorized)]
    [TestCase("n,a=user,n=user,r=x", null)]
    [TestCase("y,,n=user,r=x,ext=1", null)]
    [TestCase("n,,n=a=2Cb=3D,r=x", null)]
    public async Task First_messages(string clientFirst, AuthenticationOutcome? outcome) =>
        Assert.That((await RunAsync(clientFirst, null)).First.Result?.Outcome, Is.EqualTo(outcome));

    [Test]
    public async Task An_unknown_user_gets_the_same_salt_each_time_and_is_refused_at_the_end()
    {
        ScramAuthenticator authenticator = Authenticator;
        string[] firsts = new string[2];
        AuthenticationStep? final = null;
        for (int i = 0; i < 2; i++)
        {
            (AuthenticationStep first, final) = await RunAsync(ClientFirst.Replace("user", "nobody"), ClientFinal, authenticator);
            firsts[i] = Text(first);
        }

        Assert.That(firsts[0], Is.EqualTo(firsts[1]).And.StartsWith("r=rOprNGfwEbeRWgbNEkqO"));
        Assert.That(final!.Result!.Outcome, Is.EqualTo(AuthenticationOutcome.BadCredentials));
    }

    [Test]
    public void A_credential_is_kept_as_text_and_recognises_the_plain_password()
    {
        Assert.That(ScramCredential.TryParse(Credential.ToString(), out ScramCredential? read), Is.True);
        Assert.That((read!.ToString(), read.Verify("pencil"u8), read.Verify("pen"u8)), Is.EqualTo((Credential.ToString(), true, false)));
    }

    [TestCase("$scram-sha-256$i=4095$W22ZaJ0SNY7soEsUEjb6gQ==")]
    [TestCase("$scram-sha-256$i=4096$W22ZaJ0SNY7soEsUEjb6gQ==$AAAA$AAAA")]
    [TestCase("$scram-sha-1$i=4096$W22ZaJ0SNY7soEsUEjb6gQ==$AAAA$AAAA")]
    public void What_is_not_a_credential_is_not_read(string text) => Assert.That(ScramCredential.TryParse(text, out _), Is.False);

    [Test]
    public void An_MQTT_client_authenticates_with_it()
    {
        using var broker = new TestBroker(null, Authenticator);
        MqttClient client = MqttClient.Open(broker, "c1", change: static packet =>
        {
            packet.AuthenticationMethod = "SCRAM-SHA-256";
            packet.AuthenticationData = Encoding.UTF8.GetBytes(ClientFirst);
        });
        string[] challenge = client.Packets();
        client.Authenticate(ReasonCode.ContinueAuthentication, "SCRAM-SHA-256", ClientFinal);
        ConnAckPacket connAck = client.ConnAck();

        Assert.That(challenge, Is.EqualTo(new[] { $"AUTH 18 SCRAM-SHA-256 {ServerFirst}" }));
        Assert.That((connAck.ReasonCode, Encoding.UTF8.GetString(connAck.AuthenticationData!)), Is.EqualTo((ReasonCode.Success, ServerFinal)));
        Assert.That(broker.Broker.Sessions.Find("c1")!.Identity.Username, Is.EqualTo("user"));
    }

    private static async Task<(AuthenticationStep First, AuthenticationStep? Final)> RunAsync(
        string clientFirst, string? clientFinal, ScramAuthenticator? authenticator = null)
    {
        var request = new AuthenticationRequest { Protocol = ClientProtocol.Mqtt5, ClientId = "c1", Listener = "test" };
        IAuthenticationExchange exchange = (authenticator ?? Authenticator).Begin(request);
        AuthenticationStep first = await exchange.ContinueAsync(Encoding.UTF8.GetBytes(clientFirst), CancellationToken.None);
        return (first, clientFinal is null ? null : await exchange.ContinueAsync(Encoding.UTF8.GetBytes(clientFinal), CancellationToken.None));
    }

    private static string Text(AuthenticationStep step) => Encoding.UTF8.GetString(step.Data ?? []);
}
