using System.IO.Pipelines;
using System.Text;
using Broker.Cli.Device;
using Broker.Tests.Protocols.PrivateTcp;
using NUnit.Framework;

namespace Broker.Tests.Cli.Device;

/// <summary>The broker's end of one in-memory connection, driven by the test step by step.</summary>
internal sealed class FakeGateway
{
    private readonly Pipe _toDevice = new();
    private readonly Pipe _fromDevice = new();
    private readonly DeviceFrameReader _frames;

    public FakeGateway()
    {
        _frames = new DeviceFrameReader(_fromDevice.Reader);
        Transport = new Connection(_toDevice.Reader, _fromDevice.Writer);
    }

    public IDeviceTransport Transport { get; }

    /// <summary>The device's next frame as `Type payload`; `end` when it has closed.</summary>
    public async Task<string> NextAsync()
    {
        var frame = await _frames.ReadAsync(CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        return frame is { } f ? $"{f.Type} {Encoding.UTF8.GetString(f.Payload)}".TrimEnd() : "end";
    }

    public async Task SendAsync(params byte[] bytes) => await _toDevice.Writer.WriteAsync(bytes);

    public async Task AcceptAsync()
    {
        Assert.That(await NextAsync(), Does.StartWith("Connect"));
        await SendAsync(PrivateTcpVectors.ConnAckSuccess);
    }

    public void Close() => _toDevice.Writer.Complete();

    private sealed class Connection(PipeReader input, PipeWriter output) : IDeviceTransport
    {
        public PipeReader Input { get; } = input;

        public PipeWriter Output { get; } = output;

        public ValueTask DisposeAsync()
        {
            Output.Complete();
            return ValueTask.CompletedTask;
        }
    }
}
