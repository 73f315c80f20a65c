using Broker.Admin;
using Broker.Configuration;
using Broker.Core.Ports;
using Broker.Primitives;
using Broker.Security;
using Broker.Tests.Infrastructure;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace Broker.Tests.Admin;

internal sealed class BanEndpointsTests
{
    private MemoryRecordFile<Ban> _file = null!;
    private TestBroker _broker = null!;
    private BanList _bans = null!;
    private TestEndpoints _endpoints = null!;

    [SetUp]
    public void Open()
    {
        _broker = new TestBroker();
        _file = new MemoryRecordFile<Ban>();
        _bans = new BanList(new BanOptions { Users = ["eve"] }, _broker.Time, _file);
        _endpoints = new TestEndpoints();
        BanEndpoints.Map(_endpoints, _broker.Broker, _bans, new OperatorAccess(new AdminOptions(), _broker.Time, NullLogger.Instance), NullLogger.Instance);
    }

    [TearDown]
    public void Close() => _broker.Dispose();

    [Test]
    public async Task Bans_are_listed_added_and_removed()
    {
        Assert.That(await AskAsync("POST", """{"kind":"clientid","value":"bad","seconds":60,"reason":"spam"}"""), Is.EqualTo("204 "));
        Assert.That(await AskAsync("GET"), Is.EqualTo(
            """200 [{"kind":"clientid","value":"bad","until":"2026-01-01T00:01:00+00:00","reason":"spam"},{"kind":"user","value":"eve","until":null,"reason":null}]"""));
        Assert.That(await AskAsync("DELETE", query: "?kind=user&value=eve"), Is.EqualTo("204 "));
        Assert.That(await AskAsync("DELETE", query: "?kind=user&value=eve"), Does.StartWith("404 "));
        _broker.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.That(await AskAsync("GET"), Is.EqualTo("200 []"));
    }

    [Test]
    public async Task A_ban_that_cannot_be_written_down_holds_and_says_so()
    {
        await AskAsync("POST", """{"kind":"clientid","value":"kept"}""");
        _file.IsFull = true;

        Assert.That(await AskAsync("POST", """{"kind":"clientid","value":"bad"}"""), Does.StartWith("507 ").And.Contains("No space left"));
        Assert.That(_bans.Contains("bad", null, null));
        Assert.That(await AskAsync("DELETE", query: "?kind=clientid&value=kept"), Does.StartWith("507 ").And.Contains("comes back"));
        Assert.That(_bans.Contains("kept", null, null), Is.False);
        Assert.That(_file.Records.Select(static ban => ban.Value), Is.EqualTo(new[] { "kept" }));
    }

    [TestCase("""{"kind":"clientid"}""")]
    [TestCase("""{"kind":"clientid","value":""}""")]
    [TestCase("""{"kind":"all","value":"x"}""")]
    [TestCase("""{"kind":"network","value":"everybody"}""")]
    [TestCase("""{"kind":"user","value":"x","seconds":0}""")]
    [TestCase("""{"kind":""")]
    [TestCase("null")]
    public async Task What_says_nothing_is_refused(string body)
    {
        Assert.That(await AskAsync("POST", body), Does.StartWith("400 "));
        Assert.That(_bans.All, Has.Count.EqualTo(1));
    }

    [TestCase("192.0.2.1", "application/json", "403 ")]
    [TestCase("127.0.0.1", "text/plain", "415 ")]
    [TestCase("127.0.0.1", "application/json", "204 ")]
    public async Task Changes_come_from_this_host_and_from_no_other_site(string peer, string type, string answer)
    {
        Assert.That(await AskAsync("POST", """{"kind":"user","value":"x"}""", peer: peer, type: type), Does.StartWith(answer));
        Assert.That(_bans.All, Has.Count.EqualTo(answer == "204 " ? 2 : 1));
    }

    [TestCase("192.0.2.1", "Bearer a token of sixteen", "204 ")]
    [TestCase("192.0.2.1", "Bearer another token", "403 ")]
    [TestCase("192.0.2.1", null, "403 ")]
    [TestCase("127.0.0.1", null, "403 ")]
    public async Task With_a_token_changes_come_from_anywhere_and_without_it_from_nowhere(string peer, string? authorization, string answer)
    {
        _endpoints = new TestEndpoints();
        var access = new OperatorAccess(new AdminOptions { Token = "a token of sixteen" }, _broker.Time, NullLogger.Instance);
        BanEndpoints.Map(_endpoints, _broker.Broker, _bans, access, NullLogger.Instance);

        Assert.That(
            await _endpoints.AskAsync("POST", """{"kind":"user","value":"x"}""", peer: peer, authorization: authorization), Does.StartWith(answer));
        Assert.That(await _endpoints.AskAsync("DELETE", query: "?kind=user&value=x", peer: peer, authorization: authorization), Does.StartWith(answer));
    }

    [Test]
    public async Task Who_is_banned_while_connected_is_closed()
    {
        MqttClient banned = MqttClient.Connect(_broker, "bad");
        MqttClient other = MqttClient.Connect(_broker, "good");

        await AskAsync("POST", """{"kind":"clientid","value":"bad"}""");

        Assert.That((banned.IsClosed, other.IsClosed, _broker.Closed(CloseReason.AdministrativeAction)), Is.EqualTo((true, false, 1L)));
    }

    private Task<string> AskAsync(string method, string body = "", string query = "", string peer = "127.0.0.1", string type = "application/json") =>
        _endpoints.AskAsync(method, body, query, peer, type);
}
