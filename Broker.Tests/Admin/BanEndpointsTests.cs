using System.Net;
using System.Text;
using Broker.Admin;
using Broker.Configuration;
using Broker.Primitives;
using Broker.Security;
using Broker.Tests.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace Broker.Tests.Admin;

internal sealed class BanEndpointsTests
{
    private TestBroker _broker = null!;
    private BanList _bans = null!;
    private Endpoints _endpoints = null!;

    [SetUp]
    public void Open()
    {
        _broker = new TestBroker();
        _bans = new BanList(new BanOptions { Users = ["eve"] }, _broker.Time);
        _endpoints = new Endpoints();
        BanEndpoints.Map(_endpoints, _broker.Broker, _bans, NullLogger.Instance);
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

    [Test]
    public async Task Who_is_banned_while_connected_is_closed()
    {
        MqttClient banned = MqttClient.Connect(_broker, "bad");
        MqttClient other = MqttClient.Connect(_broker, "good");

        await AskAsync("POST", """{"kind":"clientid","value":"bad"}""");

        Assert.That((banned.IsClosed, other.IsClosed, _broker.Closed(CloseReason.AdministrativeAction)), Is.EqualTo((true, false, 1L)));
    }

    private async Task<string> AskAsync(string method, string body = "", string query = "", string peer = "127.0.0.1", string type = "application/json")
    {
        var answer = new MemoryStream();
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        http.Request.Method = method;
        http.Request.ContentType = type;
        http.Request.QueryString = new QueryString(query);
        http.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        http.Response.Body = answer;
        await _endpoints.Find(method)(http);
        return $"{http.Response.StatusCode} {Encoding.UTF8.GetString(answer.ToArray())}";
    }

    private sealed class Endpoints : IEndpointRouteBuilder
    {
        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IServiceProvider ServiceProvider { get; } = new NoServices();

        public IApplicationBuilder CreateApplicationBuilder() => throw new NotSupportedException();

        public RequestDelegate Find(string method) => DataSources
            .SelectMany(static source => source.Endpoints)
            .Single(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Contains(method))
            .RequestDelegate!;
    }

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
