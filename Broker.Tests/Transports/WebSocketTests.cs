using System.Net;
using System.Net.WebSockets;
using System.Text;
using Broker.Configuration;
using Broker.Tests.Conformance;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Transports;

internal sealed class WebSocketTests
{
    private readonly CertificateDirectory _files = new();

    [OneTimeTearDown]
    public void DeleteFiles() => _files.Dispose();

    [TestCase(ListenerProtocol.WebSocket, false)]
    [TestCase(ListenerProtocol.WebSocket, true)]
    [TestCase(ListenerProtocol.Multiplexed, false)]
    [TestCase(ListenerProtocol.Multiplexed, true)]
    [Statement("3.1.1", "MQTT-6.0.0-2", "MQTT-6.0.0-4", "MQTT-7.1.1-1")]
    [Statement("5.0", "MQTT-6.0.0-2", "MQTT-6.0.0-4", "MQTT-4.2.0-1")]
    public async Task Frames_are_one_stream_whatever_their_borders(ListenerProtocol protocol, bool tls)
    {
        await using TransportHost host = await StartAsync(protocol, tls);
        using ClientWebSocket client = await ConnectAsync(host, tls ? "wss" : "ws", "mqtt");
        string greeting = Encoding.ASCII.GetString(await ReceiveUntilAsync(client, bytes => bytes[^1] == '\n'));
        foreach (byte[] piece in new byte[][] { [0x10], [0x10, 0x00], [], [0x04, 0x4D, 0x51] })
        {
            await client.SendAsync(piece, WebSocketMessageType.Binary, endOfMessage: piece.Length != 2, Token);
        }
        byte[] echoed = await ReceiveUntilAsync(client, bytes => bytes.Count == 6);

        Assert.That(greeting, Does.Match(@"^mqtt on under-test, peer 127\.0\.0\.1:\d+, certificate none\n$"));
        Assert.That(echoed, Is.EqualTo(new byte[] { 0x10, 0x10, 0x00, 0x04, 0x4D, 0x51 }));
        Assert.That(client.SubProtocol, Is.EqualTo("mqtt"));
    }

    [Test]
    [Statement("5.0", "MQTT-6.0.0-2")]
    public async Task An_empty_message_holds_back_nothing_that_came_with_it()
    {
        await using TransportHost host = await StartAsync(ListenerProtocol.WebSocket);
        using RawClient client = await host.ConnectAsync();
        await client.SendAsync(
            "GET /mqtt HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n");
        string line;
        do
        {
            line = await client.ReceiveLineAsync(); // the answer's head, then the greeting
        }
        while (!line.EndsWith("certificate none", StringComparison.Ordinal));

        await client.SendAsync(0x82, 0x81, 0, 0, 0, 0, 0x10, 0x82, 0x80, 0, 0, 0, 0);

        Assert.That(await client.ReceiveAsync(3), Is.EqualTo(new byte[] { 0x82, 0x01, 0x10 }));
    }

    [Test]
    public async Task A_big_message_goes_through_both_ways()
    {
        await using TransportHost host = await StartAsync(ListenerProtocol.WebSocket);
        using ClientWebSocket client = await ConnectAsync(host, "ws", "mqtt");
        byte[] message = new byte[300_000];
        new Random(1).NextBytes(message);
        Task sent = client.SendAsync(message, WebSocketMessageType.Binary, true, Token);
        byte[] received = await ReceiveUntilAsync(client, bytes => bytes.IndexOf((byte)'\n') is >= 0 and var end && bytes.Count == end + 1 + message.Length);
        await sent;
        Assert.That(received.AsSpan(received.Length - message.Length).SequenceEqual(message), Is.True);
    }

    [Test]
    public async Task A_client_that_never_answers_the_goodbye_is_cut_off()
    {
        var time = new ManualTimeProvider();
        await using TransportHost host = await StartAsync(ListenerProtocol.WebSocket, timeProvider: time);
        using ClientWebSocket client = await ConnectAsync(host, "ws", "mqtt");
        await ReceiveUntilAsync(client, bytes => bytes[^1] == '\n');
        Task stopped = host.StopAsync();
        while ((await client.ReceiveAsync(new byte[16].AsMemory(), Token)).MessageType != WebSocketMessageType.Close)
        {
        }
        await time.WaitForTimersAsync().WaitAsync(RawClient.Patience);
        time.Advance(TimeSpan.FromSeconds(0.9));
        Assert.That(host.Listener.CurrentConnections, Is.EqualTo(1));
        time.Advance(TimeSpan.FromSeconds(0.1));
        await stopped.WaitAsync(RawClient.Patience);
        Assert.That(host.Listener.CurrentConnections, Is.Zero);
    }

    [Test]
    public async Task Without_a_shutdown_a_client_has_five_seconds_to_answer_the_goodbye()
    {
        var time = new ManualTimeProvider();
        await using TransportHost host = await StartAsync(ListenerProtocol.WebSocket, timeProvider: time);
        using ClientWebSocket client = await ConnectAsync(host, "ws", "mqtt");
        await client.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, Token);
        while ((await client.ReceiveAsync(new byte[16].AsMemory(), Token)).MessageType != WebSocketMessageType.Close)
        {
        }
        await time.WaitForTimersAsync().WaitAsync(RawClient.Patience);
        time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.That(host.Listener.CurrentConnections, Is.EqualTo(1));
        time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.That(() => host.Listener.CurrentConnections, Is.Zero.After(5000, 5));
    }

    [Test]
    public async Task Goodbye_of_the_client_is_answered()
    {
        await using TransportHost host = await StartAsync(ListenerProtocol.WebSocket);
        using ClientWebSocket client = await ConnectAsync(host, "ws", "mqtt");
        await client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Token);
        await ReceiveUntilAsync(client, _ => false);
        Assert.That(client.CloseStatus, Is.EqualTo(WebSocketCloseStatus.NormalClosure));
    }

    [Test]
    [Statement("3.1.1", "MQTT-6.0.0-1")]
    public async Task Text_frame_is_refused_with_1003_MQTT_6_0_0_1()
    {
        await using TransportHost host = await StartAsync(ListenerProtocol.WebSocket);
        using ClientWebSocket client = await ConnectAsync(host, "ws", "mqtt");
        await client.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, Token);
        await ReceiveUntilAsync(client, _ => false);
        Assert.That(client.CloseStatus, Is.EqualTo(WebSocketCloseStatus.InvalidMessageType));
        Assert.That(host.Log.ToString(), Does.Contain("it sent a text frame"));
    }

    [Test]
    public async Task Shutdown_says_goodbye_after_what_is_queued()
    {
        await using TransportHost host = await StartAsync(ListenerProtocol.WebSocket);
        using ClientWebSocket client = await ConnectAsync(host, "ws", "mqtt");
        await ReceiveUntilAsync(client, bytes => bytes[^1] == '\n');
        Task stopped = host.StopAsync();
        byte[] last = await ReceiveUntilAsync(client, _ => false);
        Assert.That(Encoding.ASCII.GetString(last), Is.EqualTo("bye\n"));
        Assert.That(client.CloseStatus, Is.EqualTo(WebSocketCloseStatus.NormalClosure));
        await stopped.WaitAsync(RawClient.Patience);
    }

    [TestCase(new[] { "mqttv3.1" }, "mqttv3.1")]
    [TestCase(new[] { "mqttv3.1", "mqtt" }, "mqtt")]
    [Statement("3.1.1", "MQTT-6.0.0-4")]
    public async Task Subprotocol_is_agreed_on_MQTT_6_0_0_4(string[] offered, string expected)
    {
        await using TransportHost host = await StartAsync(ListenerProtocol.WebSocket);
        using ClientWebSocket client = await ConnectAsync(host, "ws", offered);
        Assert.That(client.SubProtocol, Is.EqualTo(expected));
    }

    [TestCase]
    [TestCase("amqp")]
    [Statement("3.1.1", "MQTT-6.0.0-3")]
    public async Task Without_the_subprotocol_the_upgrade_is_refused_MQTT_6_0_0_3(params string[] offered)
    {
        await using TransportHost host = await StartAsync(ListenerProtocol.WebSocket);
        Assert.That(async () => await ConnectAsync(host, "ws", offered), Throws.InstanceOf<WebSocketException>().With.Message.Contains("400"));
    }

    [TestCase("/mqtt", HttpStatusCode.UpgradeRequired)]
    [TestCase("/mqtt/", HttpStatusCode.UpgradeRequired)]
    [TestCase("/health/live", HttpStatusCode.NotFound)]
    [TestCase("/metrics", HttpStatusCode.NotFound)]
    [TestCase("/", HttpStatusCode.NotFound)]
    public async Task Only_the_MQTT_path_exists_and_wants_an_upgrade(string path, HttpStatusCode expected)
    {
        await using TransportHost host = await StartAsync(ListenerProtocol.WebSocket);
        using var http = new HttpClient { Timeout = RawClient.Patience };
        using HttpResponseMessage answer = await http.GetAsync(new Uri($"http://127.0.0.1:{host.Port}{path}"));
        Assert.That(answer.StatusCode, Is.EqualTo(expected));
        if (expected == HttpStatusCode.UpgradeRequired)
        {
            Assert.That(answer.Headers.Upgrade.ToString(), Is.EqualTo("websocket"));
            Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("subprotocol mqtt"));
        }
    }

    [Test]
    public async Task PROXY_header_gives_the_real_address_to_a_WebSocket()
    {
        await using TransportHost host = await TransportHost.StartAsync(
            new ListenerOptions { Protocol = ListenerProtocol.WebSocket, Address = "127.0.0.1", ProxyProtocol = true });
        using RawClient client = await host.ConnectAsync();
        await client.SendAsync(FirstPackets.ProxyV1);
        await client.SendAsync(
            "GET /mqtt HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n");
        string line;
        do
        {
            line = await client.ReceiveLineAsync();
        }
        while (line != "\r");
        Assert.That(await client.ReceiveLineAsync(), Does.Contain("peer 192.0.2.1:56324"));
    }

    private static CancellationToken Token => new CancellationTokenSource(RawClient.Patience).Token;

    private Task<TransportHost> StartAsync(ListenerProtocol protocol, bool tls = false, TimeProvider? timeProvider = null) =>
        TransportHost.StartAsync(Options(protocol, tls), timeProvider);

    private ListenerOptions Options(ListenerProtocol protocol, bool tls) => new()
    {
        Protocol = protocol,
        Address = "127.0.0.1",
        Tls = tls ? new TlsOptions { CertificateFile = _files.Combined } : new TlsOptions(),
    };

    private static async Task<ClientWebSocket> ConnectAsync(TransportHost host, string scheme, params string[] subprotocols)
    {
        var client = new ClientWebSocket();
        Array.ForEach(subprotocols, client.Options.AddSubProtocol);
        using var handler = new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = TestCertificates.TrustOfClients } };
        using var invoker = new HttpMessageInvoker(handler);
        await client.ConnectAsync(new Uri($"{scheme}://127.0.0.1:{host.Port}/mqtt"), invoker, Token);
        return client;
    }

    /// <summary>Receives frames until the condition holds or the broker closes.</summary>
    private static async Task<byte[]> ReceiveUntilAsync(ClientWebSocket client, Func<List<byte>, bool> isEnough)
    {
        var received = new List<byte>();
        byte[] buffer = new byte[64 * 1024];
        while (true)
        {
            ValueWebSocketReceiveResult result = await client.ReceiveAsync(buffer.AsMemory(), Token);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                if (client.State == WebSocketState.CloseReceived)
                {
                    await client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Token);
                }
                return [.. received];
            }
            Assert.That(result.MessageType, Is.EqualTo(WebSocketMessageType.Binary));
            received.AddRange(buffer.AsSpan(0, result.Count));
            if (received.Count > 0 && isEnough(received))
            {
                return [.. received];
            }
        }
    }
}
