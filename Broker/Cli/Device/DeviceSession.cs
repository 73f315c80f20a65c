using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Broker.Protocols.PrivateTcp;

namespace Broker.Cli.Device;

/// <summary>One connection's life: CONNECT, then uplinks, downlinks and PINGs at the same time, at last DISCONNECT.</summary>
internal sealed class DeviceSession(IDeviceTransport transport, DeviceSettings settings, DeviceConsole console, TimeProvider time) : IDisposable
{
    private const int FlushThreshold = 64 * 1024;

    private readonly DeviceFrameReader _frames = new(transport.Input);
    private readonly DeliveryTracker _delivery = new();
    private readonly SemaphoreSlim _writing = new(1, 1);

    /// <summary>Uplinks sent here of which nothing is known.</summary>
    public long Unconfirmed => _delivery.Unconfirmed;

    /// <summary>Sends CONNECT and waits for CONNACK.</summary>
    public Task<DeviceExitStatus> ConnectAsync(CancellationToken cancellationToken) =>
        GuardAsync(ConnectCoreAsync, DeviceExitStatus.CannotConnect, cancellationToken);

    /// <summary>Sends uplinks and prints downlinks until the uplinks end and are delivered, or the connection does.</summary>
    public async Task<DeviceExitStatus> RunAsync(ChannelReader<byte[]> uplinks, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<DeviceExitStatus>[] parts =
        [
            GuardAsync(ReceiveAsync, DeviceExitStatus.ConnectionLost, stop.Token),
            GuardAsync(token => SendAsync(uplinks, token), DeviceExitStatus.ConnectionLost, stop.Token),
            GuardAsync(KeepAliveAsync, DeviceExitStatus.ConnectionLost, stop.Token),
        ];
        var status = await await Task.WhenAny(parts);
        await stop.CancelAsync();
        await Task.WhenAll(parts);
        return status == DeviceExitStatus.Ok
            ? await GuardAsync(DisconnectAsync, DeviceExitStatus.ConnectionLost, CancellationToken.None)
            : status;
    }

    public void Dispose() => _writing.Dispose();

    private async Task<DeviceExitStatus> ConnectCoreAsync(CancellationToken cancellationToken)
    {
        PrivateFrameWriter.WriteConnect(settings.Connect, transport.Output);
        await transport.Output.FlushAsync(cancellationToken);
        var answer = await _frames.ReadAsync(cancellationToken).AsTask().WaitAsync(settings.AnswerTimeout, time, cancellationToken);
        if (answer is not { } frame)
        {
            console.Error("The broker closed the connection without an answer to CONNECT.");
            return DeviceExitStatus.CannotConnect;
        }

        if (frame.Type != FrameType.ConnAck)
        {
            PrivateTcpProtocolException.ThrowUnexpectedFrame(frame.Type);
        }

        return Judge((ConnAckCode)frame.Flags, Encoding.UTF8.GetString(frame.Payload));
    }

    private DeviceExitStatus Judge(ConnAckCode code, string message)
    {
        if (code == ConnAckCode.Success)
        {
            console.Status($"Connected as {settings.Connect.ClientId}: {message}");
            return DeviceExitStatus.Ok;
        }

        console.Error(string.Create(CultureInfo.InvariantCulture, $"Refused with 0x{0x20 | (byte)code:x2}: {message}"));
        return code == ConnAckCode.AuthenticationFailed ? DeviceExitStatus.AuthenticationRefused : DeviceExitStatus.ProtocolRefused;
    }

    private async Task<DeviceExitStatus> ReceiveAsync(CancellationToken cancellationToken)
    {
        while (await _frames.ReadAsync(cancellationToken) is { } frame)
        {
            if (frame.Type == FrameType.DataTrans)
            {
                await console.DownlinkAsync(frame.Payload, cancellationToken);
            }
            else if (frame.Type != FrameType.Pong || !_delivery.PongReceived())
            {
                PrivateTcpProtocolException.ThrowUnexpectedFrame(frame.Type);
            }
        }

        console.Error("The broker closed the connection.");
        return DeviceExitStatus.ConnectionLost;
    }

    private async Task<DeviceExitStatus> SendAsync(ChannelReader<byte[]> uplinks, CancellationToken cancellationToken)
    {
        while (await uplinks.WaitToReadAsync(cancellationToken))
        {
            await SendBatchAsync(uplinks, cancellationToken);
        }

        var delivered = await PingAsync(cancellationToken);
        await delivered.WaitAsync(settings.AnswerTimeout, time, cancellationToken);
        if (settings.Stay)
        {
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        }

        return DeviceExitStatus.Ok;
    }

    private async ValueTask SendBatchAsync(ChannelReader<byte[]> uplinks, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            while (transport.Output.UnflushedBytes < FlushThreshold && uplinks.TryRead(out var payload))
            {
                _delivery.UplinkSent();
                PrivateFrameWriter.WriteDataTrans(payload, transport.Output);
            }

            await transport.Output.FlushAsync(cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task<DeviceExitStatus> KeepAliveAsync(CancellationToken cancellationToken)
    {
        if (settings.Connect.KeepAliveSeconds == 0)
        {
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        }

        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(settings.Connect.KeepAliveSeconds), time);
        var answered = Task.CompletedTask;
        while (await timer.WaitForNextTickAsync(cancellationToken) && answered.IsCompleted)
        {
            answered = await PingAsync(cancellationToken);
        }

        console.Error("The broker does not answer PING.");
        return DeviceExitStatus.ConnectionLost;
    }

    private async ValueTask<Task> PingAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            var answered = _delivery.PingSent();
            PrivateFrameWriter.WritePing(transport.Output);
            await transport.Output.FlushAsync(cancellationToken);
            return answered;
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task<DeviceExitStatus> DisconnectAsync(CancellationToken cancellationToken)
    {
        PrivateFrameWriter.WriteDisconnect(transport.Output);
        await transport.Output.FlushAsync(cancellationToken);
        return DeviceExitStatus.Ok;
    }

    private async Task<DeviceExitStatus> GuardAsync(
        Func<CancellationToken, Task<DeviceExitStatus>> part, DeviceExitStatus onFault, CancellationToken cancellationToken)
    {
        try
        {
            return await part(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return DeviceExitStatus.Ok;
        }
        catch (PrivateTcpProtocolException fault)
        {
            console.Error($"The broker does not speak the private TCP protocol: {fault.Message}");
            return DeviceExitStatus.ProtocolRefused;
        }
        catch (TimeoutException)
        {
            console.Error("The broker does not answer.");
            return onFault;
        }
        catch (IOException fault)
        {
            console.Error($"The connection failed: {fault.Message}");
            return onFault;
        }
    }
}
