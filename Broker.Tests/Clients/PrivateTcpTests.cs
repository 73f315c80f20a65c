using System.Globalization;
using NUnit.Framework;

namespace Broker.Tests.Clients;

/// <summary>Devices of the private TCP protocol as raw sockets, beside MQTT clients. The vectors are those of docs/private-tcp.md.</summary>
internal sealed class PrivateTcpTests
{
    private const string Connect = "11 00 07 3c 00 04 61 62 63 64";
    private const string LegacyConnect = "10 00 07 3c 00 04 61 62 63 64";
    private const string ConnectWithUser = "11 00 13 3c 00 04 61 62 63 64 00 04 61 62 63 64 00 04 61 62 63 64";
    private const string ConnackSuccess = "20 00 14 43 6f 6e 6e 65 63 74 20 53 75 63 63 65 73 73 66 75 6c 6c 79";
    private const string Data = "30 00 04 61 62 63 64";

    // PROXY protocol v2, TCP over IPv4, 192.0.2.1:56324 to 192.0.2.2:443
    private const string Proxy = "0d 0a 0d 0a 00 0d 0a 51 55 49 54 0a 21 11 00 0c c0 00 02 01 c0 00 02 02 dc 04 01 bb ";

    private static readonly string[] Endpoints = ["device", "device-tls", "multiplexed", "multiplexed-tls", "ext", "ext-tls"];
    private static readonly string[] ProxyEndpoints = ["device-proxy", "multiplexed", "ext"];

    [Test]
    public async Task Connect_is_answered_byte_for_byte([ValueSource(nameof(Endpoints))] string endpoint, [Values(Connect, LegacyConnect)] string connect)
    {
        using RawDevice device = await RawDevice.OpenAsync(RunningBrokers.Endpoint(endpoint));

        await device.SendAsync(connect);

        Assert.That(await device.ReceiveAsync(ConnackSuccess), Is.EqualTo(ConnackSuccess));
    }

    [Test]
    public async Task A_proxy_header_may_come_first([ValueSource(nameof(ProxyEndpoints))] string endpoint, [Values(Connect, LegacyConnect)] string connect)
    {
        using RawDevice device = await RawDevice.OpenAsync(RunningBrokers.Endpoint(endpoint));

        await device.SendAsync(Proxy + connect);

        Assert.That(await device.ReceiveAsync(ConnackSuccess), Is.EqualTo(ConnackSuccess));
    }

    [Test]
    public async Task Frames_may_come_byte_by_byte([ValueSource(nameof(Endpoints))] string endpoint)
    {
        using RawDevice device = await RawDevice.OpenAsync(RunningBrokers.Endpoint(endpoint));

        foreach (string octet in Connect.Split(' ').Append("40"))
        {
            await device.SendAsync(octet);
        }

        Assert.That(await device.ReceiveAsync(ConnackSuccess + " 50"), Is.EqualTo(ConnackSuccess + " 50"));
    }

    [TestCase("12 00 07 3c 00 04 61 62 63 64", "22", TestName = "A version other than 1 is refused with 0x22")]
    [TestCase("11 00 07 3c 00 04 61 2b 63 64", "21", TestName = "A wildcard in the ClientId is refused with 0x21")]
    public async Task A_refusal_has_its_code(string connect, string code)
    {
        using RawDevice device = await RawDevice.OpenAsync(RunningBrokers.Endpoint("device"));

        await device.SendAsync(connect);

        Assert.That(await device.ReceiveAsync(code), Is.EqualTo(code));
    }

    [TestCase("11 00 03 3c 00 00")]
    [TestCase("11 00 08 3c 00 04 61 62 63 64 00")]
    [TestCase(Data)]
    public async Task A_malformed_beginning_is_closed_without_an_answer(string bytes)
    {
        using RawDevice device = await RawDevice.OpenAsync(RunningBrokers.Endpoint("device"));

        await device.SendAsync(bytes);

        Assert.That(await device.IsClosedSilentlyAsync(), Is.True);
    }

    [Test]
    public async Task Devices_and_MQTT_clients_meet([ValueSource(nameof(Endpoints))] string endpoint, [Values(Connect, LegacyConnect)] string connect)
    {
        Tool.Require(Tool.MosquittoSub, Tool.MosquittoPub);
        Mosquitto mosquitto = new(endpoint.StartsWith("ext", StringComparison.Ordinal) ? "ext" : "mqtt", "mqttv5");
        using ToolProcess subscriber = await mosquitto.SubscribeAsync("-t", "tcp/+/up");
        using RawDevice device = await RawDevice.OpenAsync(RunningBrokers.Endpoint(endpoint));
        await device.SendAsync(connect);
        Assert.That(await device.ReceiveAsync(ConnackSuccess), Is.EqualTo(ConnackSuccess));

        await device.SendAsync(Data);
        Assert.That(await Mosquitto.MessageAsync(subscriber, "abcd"), Is.EqualTo("tcp/abcd/up 0 0 abcd"));

        await mosquitto.PublishAsync("-t", "tcp/abcd/dn", "-m", "abcd");
        Assert.That(await device.ReceiveAsync(Data), Is.EqualTo(Data));
    }

    [Test]
    public async Task A_second_device_of_the_same_id_takes_over()
    {
        using RawDevice first = await RawDevice.OpenAsync(RunningBrokers.Endpoint("device"));
        await first.SendAsync(ConnectWithUser);
        Assert.That(await first.ReceiveAsync(ConnackSuccess), Is.EqualTo(ConnackSuccess));
        using RawDevice second = await RawDevice.OpenAsync(RunningBrokers.Endpoint("multiplexed"));

        await second.SendAsync(Connect);

        Assert.That(await second.ReceiveAsync(ConnackSuccess), Is.EqualTo(ConnackSuccess));
        Assert.That(await first.IsClosedSilentlyAsync(), Is.True);
    }

    [Test]
    public async Task A_shell_is_device_enough()
    {
        Tool.Require(Tool.Bash);
        string port = RunningBrokers.Endpoint("ext").Port.ToString(CultureInfo.InvariantCulture);
        string connect = string.Concat(Connect.Split(' ').Select(octet => $"\\x{octet}"));

        string answer = await ToolProcess.RunAsync(
            Tool.Bash, "-c", $"exec 3<>/dev/tcp/127.0.0.1/{port}; printf '{connect}' >&3; head -c 23 <&3 | od -An -v -tx1 -w23");

        Assert.That(answer.Trim(), Is.EqualTo(ConnackSuccess));
    }
}
