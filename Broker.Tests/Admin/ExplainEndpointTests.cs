using Broker.Admin;
using Broker.Core.Ports;
using Broker.Security.Acl;
using Broker.Tests.Infrastructure;
using Broker.Tests.Security.Acl;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace Broker.Tests.Admin;

internal sealed class ExplainEndpointTests
{
    private TestBroker _broker = null!;
    private TestEndpoints _endpoints = null!;

    [SetUp]
    public void Open()
    {
        _broker = new TestBroker();
        _endpoints = new TestEndpoints();
        AclRuleSet rules = Rules.Of("deny subscribe secret/#", "allow user ann peer 10.0.0.0/8 all #", "allow protocol private-tcp publish # qos 1", "allow publish {tenant}/#", "deny receive hidden/#");
        ExplainEndpoint.Map(
            _endpoints, _broker.Broker, new AclAuthorizer(rules, _broker.Metrics, _broker.Time, NullLogger<AclAuthorizer>.Instance));
    }

    [TearDown]
    public void Close() => _broker.Dispose();

    [TestCase("action=publish&topic=a&user=ann&peer=10.1.1.1", true, "by line 2: allow user ann peer 10.0.0.0/8 all #")]
    [TestCase("action=publish&topic=a&user=ann&peer=192.0.2.1", false, "no rule decides, and what no rule allows is denied")]
    [TestCase("action=publish&topic=a&user=bob&peer=10.1.1.1", false, "no rule decides, and what no rule allows is denied")]
    [TestCase("action=subscribe&topic=%23&user=ann&peer=10.1.1.1", false, "by line 1: deny subscribe secret/#")]
    [TestCase("action=subscribe&topic=$share/g/a&user=ann&peer=10.1.1.1", true, "by line 2: allow user ann peer 10.0.0.0/8 all #")]
    [TestCase("action=publish&topic=a&protocol=private-tcp&qos=1", true, "by line 3: allow protocol private-tcp publish # qos 1")]
    [TestCase("action=publish&topic=a&protocol=private-tcp", false, "no rule decides, and what no rule allows is denied")]
    [TestCase("action=receive&topic=hidden/1", false, "by line 5: deny receive hidden/#")]
    [TestCase("action=receive&topic=a", true, "no receive rule decides, and what a subscription matches is delivered then")]
    public async Task It_says_which_rule_decides(string question, bool allowed, string rule)
    {
        string answer = await _endpoints.AskAsync("GET", query: "?" + question);

        Assert.That(answer, Does.StartWith($$"""200 {"allowed":{{(allowed ? "true" : "false")}},"explanation":["""));
        Assert.That(answer, Does.Contain($"\"{rule}"));
    }

    [TestCase("t1/x", true)]
    [TestCase("t2/x", false)]
    public async Task A_connected_client_is_asked_about_with_its_tokens_claims(string topic, bool allowed)
    {
        _broker.Authenticator.Answer = static _ => ValueTask.FromResult(AuthenticationResult.Accepted with
        {
            Grants = new ClientGrants { Claims = System.Text.Json.JsonElement.Parse("""{"tenant":"t1"}""") },
        });
        MqttClient.Connect(_broker, "dev");

        Assert.That(await _endpoints.AskAsync("GET", query: $"?client=dev&action=publish&topic={topic}"), Does.Contain($"\"allowed\":{(allowed ? "true" : "false")}"));
        Assert.That(await _endpoints.AskAsync("GET", query: $"?client=dev&user=x&action=publish&topic={topic}"), Does.Contain("\"allowed\":false"));
    }

    [TestCase("")]
    [TestCase("?action=read&topic=a")]
    [TestCase("?action=publish")]
    [TestCase("?action=publish&topic=%23")]
    [TestCase("?action=subscribe&topic=a%23")]
    [TestCase("?action=publish&topic=a&qos=3")]
    [TestCase("?action=publish&topic=a&peer=somewhere")]
    [TestCase("?action=publish&topic=a&protocol=coap")]
    public async Task What_is_no_question_is_said(string query) => Assert.That(await _endpoints.AskAsync("GET", query: query), Does.StartWith("400 "));

    [Test]
    public async Task A_question_is_no_denial()
    {
        await _endpoints.AskAsync("GET", query: "?action=publish&topic=a");

        Assert.That(_broker.Metrics.AuthorizationDenials.Total, Is.Zero);
    }
}
