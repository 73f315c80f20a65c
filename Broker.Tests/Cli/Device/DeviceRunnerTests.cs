using System.Text;
using System.Threading.Channels;
using Broker.Cli.Device;
using Broker.Protocols.PrivateTcp;
using NUnit.Framework;

namespace Broker.Tests.Cli.Device;

internal sealed class DeviceRunnerTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly MemoryStream _output = new();
    private readonly StringWriter _status = new();
    private Channel<byte[]> _uplinks = null!;
    private Channel<FakeGateway?> _gateways = null!;
    private CancellationTokenSource _cancel = null!;

    [SetUp]
    public void SetUp()
    {
        _uplinks = Channel.CreateUnbounded<byte[]>();
        _gateways = Channel.CreateUnbounded<FakeGateway?>();
        _cancel = new CancellationTokenSource();
        _output.SetLength(0);
    }

    [TearDown]
    public void TearDown() => _cancel.Dispose();

    [OneTimeTearDown]
    public void Dispose()
    {
        _output.Dispose();
        _status.Dispose();
    }

    [Test]
    public async Task End_of_input_waits_for_PONG_before_DISCONNECT()
    {
        var gateway = Offer();
        Send("one", "two");
        _uplinks.Writer.Complete();
        var run = Run();

        await gateway.AcceptAsync();
        Assert.That(await gateway.NextAsync(), Is.EqualTo("DataTrans one"));
        Assert.That(await gateway.NextAsync(), Is.EqualTo("DataTrans two"));
        Assert.That(await gateway.NextAsync(), Is.EqualTo("Ping"));
        Assert.That(run.IsCompleted, Is.False);
        await gateway.SendAsync(0x50);
        Assert.That(await gateway.NextAsync(), Is.EqualTo("Disconnect"));
        Assert.That(await gateway.NextAsync(), Is.EqualTo("end"));
        Assert.That(await run, Is.EqualTo(DeviceExitStatus.Ok));
    }

    [Test]
    public async Task Downlinks_are_printed_one_a_line()
    {
        var gateway = Offer();
        var run = Run();

        await gateway.AcceptAsync();
        await gateway.SendAsync(0x30, 0, 2, (byte)'o', (byte)'n', 0x30, 0, 0);
        _uplinks.Writer.Complete();
        Assert.That(await gateway.NextAsync(), Is.EqualTo("Ping"));
        await gateway.SendAsync(0x50);
        Assert.That(await run, Is.EqualTo(DeviceExitStatus.Ok));
        Assert.That(Encoding.UTF8.GetString(_output.ToArray()), Is.EqualTo("on\n\n"));
    }

    [Test]
    public async Task Stay_keeps_the_device_connected_until_it_is_ended()
    {
        var gateway = Offer();
        _uplinks.Writer.Complete();
        var run = Run(stay: true);

        await gateway.AcceptAsync();
        Assert.That(await gateway.NextAsync(), Is.EqualTo("Ping"));
        await gateway.SendAsync(0x50);
        await TickAsync(TimeSpan.FromSeconds(60));
        Assert.That(await gateway.NextAsync(), Is.EqualTo("Ping"));
        await _cancel.CancelAsync();
        Assert.That(await gateway.NextAsync(), Is.EqualTo("Disconnect"));
        Assert.That(await run, Is.EqualTo(DeviceExitStatus.Ok));
    }

    [Test]
    public async Task A_PING_without_PONG_until_the_next_one_is_a_lost_connection()
    {
        var gateway = Offer();
        var run = Run(reconnect: false);

        await gateway.AcceptAsync();
        await TickAsync(TimeSpan.FromSeconds(60));
        Assert.That(await gateway.NextAsync(), Is.EqualTo("Ping"));
        await TickAsync(TimeSpan.FromSeconds(60));
        Assert.That(await run, Is.EqualTo(DeviceExitStatus.ConnectionLost));
    }

    [TestCase("21 00 02 6e 6f", DeviceExitStatus.AuthenticationRefused)]
    [TestCase("22 00 00", DeviceExitStatus.ProtocolRefused)]
    [TestCase("30 00 00", DeviceExitStatus.ProtocolRefused)]
    [TestCase("48 54 54 50", DeviceExitStatus.ProtocolRefused)]
    public async Task A_refusal_is_final_even_with_reconnect(string answer, DeviceExitStatus expected)
    {
        var gateway = Offer();
        var run = Run(reconnect: true);

        await gateway.NextAsync();
        await gateway.SendAsync(Broker.Tests.Protocols.PrivateTcp.PrivateTcpVectors.Bytes(answer));
        Assert.That(await run, Is.EqualTo(expected));
    }

    [Test]
    public async Task The_first_connection_is_tried_once()
    {
        _gateways.Writer.TryWrite(null);

        Assert.That(await Run(), Is.EqualTo(DeviceExitStatus.CannotConnect));
    }

    [Test]
    public async Task No_answer_to_CONNECT_in_time_is_no_connection()
    {
        var gateway = Offer();
        var run = Run();

        await gateway.NextAsync();
        await TickAsync(TimeSpan.FromSeconds(10));
        Assert.That(await run, Is.EqualTo(DeviceExitStatus.CannotConnect));
    }

    [Test]
    public async Task Reconnect_tries_again_with_growing_delays()
    {
        _gateways.Writer.TryWrite(null);
        _gateways.Writer.TryWrite(null);
        var gateway = Offer();
        _uplinks.Writer.Complete();
        var run = Run(reconnect: true);

        await TickAsync(TimeSpan.FromSeconds(1));
        await TickAsync(TimeSpan.FromSeconds(2));
        await gateway.AcceptAsync();
        Assert.That(await gateway.NextAsync(), Is.EqualTo("Ping"));
        await gateway.SendAsync(0x50);
        Assert.That(await run, Is.EqualTo(DeviceExitStatus.Ok));
    }

    [Test]
    public async Task A_made_connection_is_made_again_and_unconfirmed_uplinks_show_in_the_exit_status()
    {
        var first = Offer();
        var second = Offer();
        Send("one");
        var run = Run();

        await first.AcceptAsync();
        Assert.That(await first.NextAsync(), Is.EqualTo("DataTrans one"));
        first.Close();
        await TickAsync(TimeSpan.FromSeconds(1));
        await second.AcceptAsync();
        Send("two");
        _uplinks.Writer.Complete();
        Assert.That(await second.NextAsync(), Is.EqualTo("DataTrans two"));
        Assert.That(await second.NextAsync(), Is.EqualTo("Ping"));
        await second.SendAsync(0x50);
        Assert.That(await run, Is.EqualTo(DeviceExitStatus.ConnectionLost));
        Assert.That(_status.ToString(), Does.Contain("1 uplinks were sent without confirmation"));
    }

    [Test]
    public async Task No_reconnect_ends_with_the_connection()
    {
        var gateway = Offer();
        var run = Run(reconnect: false);

        await gateway.AcceptAsync();
        gateway.Close();
        Assert.That(await run, Is.EqualTo(DeviceExitStatus.ConnectionLost));
    }

    private FakeGateway Offer()
    {
        var gateway = new FakeGateway();
        _gateways.Writer.TryWrite(gateway);
        return gateway;
    }

    private void Send(params string[] lines) => Array.ForEach(lines, l => _uplinks.Writer.TryWrite(Encoding.UTF8.GetBytes(l)));

    private Task<DeviceExitStatus> Run(bool? reconnect = null, bool stay = false)
    {
        var settings = new DeviceSettings
        {
            Connect = new ConnectFrame { ClientId = "dev", KeepAliveSeconds = 60 },
            Reconnect = reconnect,
            Stay = stay,
        };
        var console = new DeviceConsole(_output, TextWriter.Synchronized(_status), hex: false, quiet: false);
        return new DeviceRunner(settings, DialAsync, console, _time).RunAsync(_uplinks.Reader, _cancel.Token);
    }

    private async ValueTask<IDeviceTransport> DialAsync(CancellationToken cancellationToken) =>
        (await _gateways.Reader.ReadAsync(cancellationToken))?.Transport ?? throw new IOException("refused");

    // Waits until this is the only timer, so that the device has seen what came before and the time passes for nothing else.
    private async Task TickAsync(TimeSpan due)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!_time.Armed().SequenceEqual([due]))
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        _time.Advance(due);
    }
}
