using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Broker.Tests.Infrastructure;
using Broker.Tests.Transports;
using NUnit.Framework;

namespace Broker.Tests.Hosting;

/// <summary>The operators' HTTP of a whole broker: who may use it, and over what.</summary>
internal sealed class OperatorsHttpTests
{
    private const string Token = "0123456789abcdef";

    private readonly CertificateDirectory _files = new();

    [OneTimeTearDown]
    public void DeleteFiles() => _files.Dispose();

    [TestCase("/metrics", null, HttpStatusCode.Unauthorized)]
    [TestCase("/metrics", "wrong", HttpStatusCode.Unauthorized)]
    [TestCase("/metrics", Token, HttpStatusCode.OK)]
    [TestCase("/bans", null, HttpStatusCode.Unauthorized)]
    [TestCase("/bans", Token, HttpStatusCode.OK)]
    [TestCase("/acl/explain?action=publish&topic=a", null, HttpStatusCode.Unauthorized)]
    [TestCase("/acl/explain?action=publish&topic=a", Token, HttpStatusCode.OK)]
    [TestCase("/health/live", null, HttpStatusCode.OK)]
    [TestCase("/health/ready", null, HttpStatusCode.OK)]
    public async Task With_a_token(string path, string? token, HttpStatusCode expected)
    {
        int port = FreePort();
        await using ServedBroker broker = await ServedBroker.StartAsync(
            [.. ServedBroker.PlainListener, $"Admin:Port={port}", $"Admin:TokenFile={_files.Write("token", Token)}"]);

        Assert.That(await StatusAsync($"http://127.0.0.1:{port}{path}", token), Is.EqualTo(expected));
    }

    [Test]
    public async Task Bans_and_questions_work_with_the_token()
    {
        int port = FreePort();
        await using ServedBroker broker = await ServedBroker.StartAsync([.. ServedBroker.PlainListener, $"Admin:Port={port}", $"Admin:Token={Token}"]);
        using var http = Client(Token);
        using var ban = new StringContent("""{"kind":"clientid","value":"dev"}""", Encoding.UTF8, "application/json");
        Assert.That(await broker.LoginAsync(null, null), Is.EqualTo("00 nobody"));

        using HttpResponseMessage answer = await http.PostAsync(new Uri($"http://127.0.0.1:{port}/bans"), ban);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await broker.LoginAsync(null, null), Is.EqualTo("05"));
        Assert.That(
            await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/acl/explain?action=publish&topic=a")),
            Is.EqualTo("""{"allowed":true,"explanation":["allowed: publish to a","there are no rules, so everything is allowed"]}"""));
    }

    [TestCase("https", HttpStatusCode.OK)]
    [TestCase("http", null)]
    public async Task Over_TLS_where_it_has_a_certificate(string scheme, HttpStatusCode? expected)
    {
        int port = FreePort();
        await using ServedBroker broker = await ServedBroker.StartAsync(
            [.. ServedBroker.PlainListener, $"Admin:Port={port}", $"Admin:Tls:CertificateFile={_files.Combined}"]);

        Assert.That(await StatusAsync($"{scheme}://127.0.0.1:{port}/metrics", null), Is.EqualTo(expected));
    }

    private static async Task<HttpStatusCode?> StatusAsync(string url, string? token)
    {
        using HttpClient http = Client(token);
        try
        {
            using HttpResponseMessage answer = await http.GetAsync(new Uri(url));
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static HttpClient Client(string? token)
    {
        var http = new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = TestCertificates.TrustOfClients } }) { Timeout = RawClient.Patience };
        http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
