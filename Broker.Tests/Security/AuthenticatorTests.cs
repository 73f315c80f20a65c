using System.Text;
using Broker.Configuration;
using Broker.Core.Ports;
using Broker.Primitives;
using Broker.Security;
using NUnit.Framework;

namespace Broker.Tests.Security;

public sealed class AuthenticatorTests
{
    private static readonly PasswordFile Users = PasswordFile.Parse([$"ann:{PasswordHash.Create("secret"u8, 10)}"]);

    [TestCase("ann", "secret", AuthenticationOutcome.Accepted)]
    [TestCase("ann", "wrong", AuthenticationOutcome.BadCredentials)]
    [TestCase("ann", "", AuthenticationOutcome.BadCredentials)]
    [TestCase("ann", null, AuthenticationOutcome.BadCredentials)]
    [TestCase("bob", "secret", AuthenticationOutcome.BadCredentials)]
    [TestCase(null, null, AuthenticationOutcome.Ignored)]
    public async Task Password_file_decides(string? user, string? password, AuthenticationOutcome expected)
    {
        using PasswordFileAuthenticator authenticator = new(Users);

        Assert.That((await authenticator.AuthenticateAsync(Request(user, password), default)).Outcome, Is.EqualTo(expected));
    }

    [Test]
    public async Task An_unknown_user_costs_a_hash_like_a_known_one()
    {
        using PasswordFileAuthenticator authenticator = new(Users);

        await authenticator.AuthenticateAsync(Request("bob", "secret"), default);

        Assert.That(authenticator.Hashes, Is.EqualTo(1));
    }

    [TestCase(true, AuthenticationOutcome.Unavailable, 0)]
    [TestCase(false, AuthenticationOutcome.Accepted, 1)]
    public async Task What_does_not_count_any_more_after_the_wait_costs_no_hash(bool isRefused, AuthenticationOutcome expected, int hashes)
    {
        using PasswordFileAuthenticator authenticator = new(Users);
        AuthenticationRequest request = Request("ann", "secret");
        request.IsRefusedMeanwhile = () => isRefused;

        Assert.That((await authenticator.AuthenticateAsync(request, default)).Outcome, Is.EqualTo(expected));
        Assert.That(authenticator.Hashes, Is.EqualTo(hashes));
    }

    [Test]
    public async Task A_password_that_was_right_once_costs_no_second_hash()
    {
        using PasswordFileAuthenticator authenticator = new(Users);

        await authenticator.AuthenticateAsync(Request("ann", "secret"), default);
        ValueTask<AuthenticationResult> again = authenticator.AuthenticateAsync(Request("ann", "secret"), default);

        Assert.That(again.IsCompletedSuccessfully, Is.True);
        Assert.That((await again).Outcome, Is.EqualTo(AuthenticationOutcome.Accepted));
        Assert.That(authenticator.Hashes, Is.EqualTo(1));
    }

    [Test]
    public async Task A_wrong_password_is_hashed_each_time_and_does_not_displace_the_right_one()
    {
        using PasswordFileAuthenticator authenticator = new(Users);
        await authenticator.AuthenticateAsync(Request("ann", "secret"), default);

        await authenticator.AuthenticateAsync(Request("ann", "wrong"), default);
        await authenticator.AuthenticateAsync(Request("ann", "wrong"), default);
        await authenticator.AuthenticateAsync(Request("ann", "secret"), default);

        Assert.That(authenticator.Hashes, Is.EqualTo(3));
    }

    [Test]
    public async Task A_replaced_file_counts_for_passwords_that_were_right_before()
    {
        using PasswordFileAuthenticator authenticator = new(Users);
        Assert.That((await authenticator.AuthenticateAsync(Request("ann", "secret"), default)).Outcome, Is.EqualTo(AuthenticationOutcome.Accepted));

        authenticator.Replace(PasswordFile.Parse([$"ann:{PasswordHash.Create("other"u8, 10)}"]));

        Assert.That((await authenticator.AuthenticateAsync(Request("ann", "secret"), default)).Outcome, Is.EqualTo(AuthenticationOutcome.BadCredentials));
        Assert.That((await authenticator.AuthenticateAsync(Request("ann", "other"), default)).Outcome, Is.EqualTo(AuthenticationOutcome.Accepted));
    }

    [Test]
    public async Task A_storm_of_the_same_credentials_costs_one_hash_when_one_is_computed_at_a_time()
    {
        using PasswordFileAuthenticator authenticator = new(Users, maximumHashesAtOnce: 1);

        AuthenticationResult[] results = await Task.WhenAll(
            Enumerable.Range(0, 200).Select(_ => authenticator.AuthenticateAsync(Request("ann", "secret"), default).AsTask()));

        Assert.That(results.Select(result => result.Outcome), Is.All.EqualTo(AuthenticationOutcome.Accepted));
        Assert.That(authenticator.Hashes, Is.EqualTo(1));
    }

    [Test]
    public async Task Too_many_waiting_logins_are_turned_away()
    {
        using PasswordFileAuthenticator authenticator = new(Users, maximumWaiting: 0);

        AuthenticationResult result = await authenticator.AuthenticateAsync(Request("ann", "secret"), default);

        Assert.That(result.Outcome, Is.EqualTo(AuthenticationOutcome.Unavailable));
        Assert.That(authenticator.Hashes, Is.Zero);
    }

    [Test]
    public async Task A_client_that_leaves_while_it_waits_causes_no_exception()
    {
        using PasswordFileAuthenticator authenticator = new(Users);

        AuthenticationResult result = await authenticator.AuthenticateAsync(Request("ann", "secret"), new CancellationToken(canceled: true));

        Assert.That(result.Outcome, Is.EqualTo(AuthenticationOutcome.Unavailable));
    }

    [TestCase(false, null, AuthenticationOutcome.Accepted)]
    [TestCase(false, "ann", AuthenticationOutcome.Ignored)]
    [TestCase(true, "ann", AuthenticationOutcome.Accepted)]
    public async Task Anonymous(bool acceptUnverified, string? user, AuthenticationOutcome expected) =>
        Assert.That(
            (await new AnonymousAuthenticator(acceptUnverified).AuthenticateAsync(Request(user, null), default)).Outcome,
            Is.EqualTo(expected));

    [TestCase(null, null, null, AuthenticationOutcome.Accepted, TestName = "Nothing configured: anonymous")]
    [TestCase(null, "ann", null, AuthenticationOutcome.Accepted, TestName = "Nothing configured: names are taken as given")]
    [TestCase(false, null, null, AuthenticationOutcome.NotAuthorized, TestName = "Anonymous forbidden")]
    public async Task Chain_without_password_file(bool? allowAnonymous, string? user, string? password, AuthenticationOutcome expected)
    {
        AuthenticatorChain chain = AuthenticatorChain.From(new BrokerOptions { Authentication = { AllowAnonymous = allowAnonymous } });

        Assert.That((await chain.AuthenticateAsync(Request(user, password), default)).Outcome, Is.EqualTo(expected));
    }

    [TestCase(null, null, null, AuthenticationOutcome.NotAuthorized)]
    [TestCase(null, "ann", "secret", AuthenticationOutcome.Accepted)]
    [TestCase(null, "bob", "secret", AuthenticationOutcome.BadCredentials)]
    [TestCase(true, null, null, AuthenticationOutcome.Accepted)]
    [TestCase(true, "bob", "secret", AuthenticationOutcome.BadCredentials)]
    public async Task Chain_with_password_file(bool? allowAnonymous, string? user, string? password, AuthenticationOutcome expected)
    {
        BrokerOptions options = new() { Authentication = { PasswordFile = "passwords", AllowAnonymous = allowAnonymous } };

        using PasswordFileAuthenticator passwords = new(Users);
        AuthenticationResult result = await AuthenticatorChain.From(options, passwords).AuthenticateAsync(Request(user, password), default);

        Assert.That(result.Outcome, Is.EqualTo(expected));
    }

    [Test]
    public async Task The_first_opinion_decides_and_nobody_is_asked_after_it()
    {
        FixedAuthenticator second = new(new AuthenticationResult(AuthenticationOutcome.Banned));
        FixedAuthenticator third = new(AuthenticationResult.Accepted);

        AuthenticationResult result = await new AuthenticatorChain([new FixedAuthenticator(AuthenticationResult.Ignored), second, third])
            .AuthenticateAsync(Request("ann", "secret"), default);

        Assert.That(result.Outcome, Is.EqualTo(AuthenticationOutcome.Banned));
        Assert.That((second.Calls, third.Calls), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task A_chain_without_opinions_lets_nobody_in() =>
        Assert.That(
            (await new AuthenticatorChain([]).AuthenticateAsync(Request("ann", "secret"), default)).Outcome,
            Is.EqualTo(AuthenticationOutcome.BadCredentials));

    private static AuthenticationRequest Request(string? user, string? password) => new()
    {
        Protocol = ClientProtocol.PrivateTcp,
        ClientId = "device",
        Username = user,
        Password = password is null ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(password),
        Listener = "test",
    };

    private sealed class FixedAuthenticator(AuthenticationResult result) : IAuthenticator
    {
        public int Calls { get; private set; }

        public ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellationToken)
        {
            Calls++;
            return ValueTask.FromResult(result);
        }
    }
}
