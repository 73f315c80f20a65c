using System.Globalization;
using System.Threading.Channels;

namespace Broker.Cli.Device;

/// <summary>Connects, runs a session, and connects again where the settings say so.</summary>
internal sealed class DeviceRunner(DeviceSettings settings, DeviceDialer dial, DeviceConsole console, TimeProvider time)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    private TimeSpan _delay = FirstDelay;
    private bool _wasConnected;
    private long _unconfirmed;

    /// <summary>Runs until the uplinks are delivered, the user ends it, or retrying is not wanted or makes no sense.</summary>
    public async Task<DeviceExitStatus> RunAsync(ChannelReader<byte[]> uplinks, CancellationToken cancellationToken)
    {
        while (true)
        {
            var status = await RunOnceAsync(uplinks, cancellationToken);
            if (!IsRetried(status) || !await WaitAsync(cancellationToken))
            {
                return cancellationToken.IsCancellationRequested ? status : Conclude(status);
            }
        }
    }

    private async Task<DeviceExitStatus> RunOnceAsync(ChannelReader<byte[]> uplinks, CancellationToken cancellationToken)
    {
        try
        {
            await using var transport = await dial(cancellationToken);
            using var session = new DeviceSession(transport, settings, console, time);
            var status = await session.ConnectAsync(cancellationToken);
            if (status != DeviceExitStatus.Ok || cancellationToken.IsCancellationRequested)
            {
                return status == DeviceExitStatus.Ok ? DeviceExitStatus.CannotConnect : status;
            }

            _wasConnected = true;
            _delay = FirstDelay;
            status = await session.RunAsync(uplinks, cancellationToken);
            _unconfirmed += session.Unconfirmed;
            return status;
        }
        catch (IOException fault)
        {
            console.Error(string.Create(CultureInfo.InvariantCulture, $"Cannot connect to {settings.Host}:{settings.Port}: {fault.Message}"));
            return DeviceExitStatus.CannotConnect;
        }
        catch (OperationCanceledException)
        {
            return DeviceExitStatus.CannotConnect;
        }
    }

    private bool IsRetried(DeviceExitStatus status) =>
        (status is DeviceExitStatus.CannotConnect or DeviceExitStatus.ConnectionLost) && (settings.Reconnect ?? _wasConnected);

    private async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        console.Status(string.Create(CultureInfo.InvariantCulture, $"Connecting again in {_delay.TotalSeconds} s."));
        try
        {
            using var timer = new PeriodicTimer(_delay, time);
            _delay = TimeSpan.FromTicks(Math.Min(_delay.Ticks * 2, LongestDelay.Ticks));
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private DeviceExitStatus Conclude(DeviceExitStatus status)
    {
        if (_unconfirmed == 0)
        {
            return status;
        }

        console.Error(string.Create(CultureInfo.InvariantCulture, $"{_unconfirmed} uplinks were sent without confirmation and may be lost."));
        return status == DeviceExitStatus.Ok ? DeviceExitStatus.ConnectionLost : status;
    }
}
