using System.Net;
using System.Net.Sockets;
using Broker.Configuration;
using Broker.Hosting;
using Broker.Tests.Infrastructure;
using Broker.Tests.Transports;
using Broker.Transports;
using NUnit.Framework;

namespace Broker.Tests.Hosting;

internal sealed class BrokerHostTests
{
    [TestCase(true)]
    [TestCase(false)]
    public async Task Port_in_use_and_bad_certificate_are_one_line_each_and_status_1(bool reuseAddress)
    {
        using var occupied = new TcpListener(IPAddress.Loopback, 0);
        occupied.Start();
        int port = ((IPEndPoint)occupied.LocalEndpoint).Port;
        BrokerOptions options = Options();
        options.Listeners["taken"] = new ListenerOptions { Address = "127.0.0.1", Port = port, ReuseAddress = reuseAddress };
        options.Listeners["secret"] = new ListenerOptions { Address = "127.0.0.1", Tls = new TlsOptions { CertificateFile = "no-such.pem" } };
        using var errors = new StringWriter();

        int status = await BrokerHost.RunAsync(TransportHost.Setup(options, new LogLines()), errors, CancellationToken.None);

        Assert.That(status, Is.EqualTo(1));
        Assert.That(errors.ToString().TrimEnd().Split('\n'), Is.EqualTo(new[]
        {
            $"broker: cannot open listener 'taken' on 127.0.0.1:{port}: the port is in use by another process; "
                + "stop that process or choose another port",
            "broker: cannot open listener 'secret' on 127.0.0.1:0: the certificate file no-such.pem does not exist; "
                + "check the path and its permissions",
        }));
    }

    [Test]
    public async Task A_failing_listener_leaves_no_other_one_open()
    {
        using var occupied = new TcpListener(IPAddress.Loopback, 0);
        occupied.Start();
        int freePort = FreePort();
        BrokerOptions options = Options();
        options.Listeners["good"] = new ListenerOptions { Address = "127.0.0.1", Port = freePort };
        options.Listeners["bad"] = new ListenerOptions { Address = "127.0.0.1", Port = ((IPEndPoint)occupied.LocalEndpoint).Port };
        await BrokerHost.RunAsync(TransportHost.Setup(options, new LogLines()), TextWriter.Null, CancellationToken.None);
        Assert.That(
            async () => await RawClient.ConnectAsync(new IPEndPoint(IPAddress.Loopback, freePort)), Throws.InstanceOf<SocketException>());
    }

    [Test]
    public async Task Start_says_what_is_open_and_why_only_here()
    {
        var log = new LogLines();
        BrokerOptions options = Options();
        options.Listeners["field"] = new ListenerOptions { Protocol = ListenerProtocol.PrivateTcp, Address = "*" };
        await using BrokerHost host = BrokerHost.TryCreate(TransportHost.Setup(options, log), out _)!;
        await host.StartAsync(CancellationToken.None);
        OpenListener listener = host.Listeners[0];
        Assert.That(log.Lines, Does.Contain(
            $"Information Listening: field (PrivateTcp, plain) on {string.Join(", ", listener.EndPoints)}"));
        Assert.That(listener.EndPoints.All(endPoint => IPAddress.IsLoopback(endPoint.Address)), Is.True);
        Assert.That(listener.EndPoints.Select(endPoint => endPoint.Port).Distinct().Count(), Is.EqualTo(1));
        Assert.That(log.ToString(), Does.Contain("Broker:Authentication:PasswordFile"));
    }

    [Test]
    public async Task Runs_until_it_is_asked_to_stop_and_returns_0()
    {
        var log = new LogLines();
        BrokerOptions options = Options();
        options.Listeners["field"] = new ListenerOptions { Address = "127.0.0.1" };
        using var stop = new CancellationTokenSource();
        Task<int> running = BrokerHost.RunAsync(TransportHost.Setup(options, log), TextWriter.Null, stop.Token);
        await stop.CancelAsync();
        Assert.That(await running.WaitAsync(RawClient.Patience), Is.Zero);
    }

    [Test]
    public async Task Operators_HTTP_shows_the_endpoints_but_not_MQTT()
    {
        BrokerOptions options = Options();
        options.Listeners["field"] = new ListenerOptions { Address = "127.0.0.1" };
        options.Admin = new AdminOptions { Port = FreePort() };
        await using BrokerHost host = BrokerHost.TryCreate(TransportHost.Setup(options, new LogLines()), out _)!;
        await host.StartAsync(CancellationToken.None);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{options.Admin.Port}"), Timeout = RawClient.Patience };
        Assert.That(await http.GetStringAsync(new Uri("/metrics", UriKind.Relative)), Is.EqualTo("figures"));
        using HttpResponseMessage mqtt = await http.GetAsync(new Uri("/mqtt", UriKind.Relative));
        Assert.That(mqtt.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    private static BrokerOptions Options() => new() { Admin = new AdminOptions { Port = 0 } };

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
