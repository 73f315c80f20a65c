using System.Runtime.InteropServices;
using Broker.Observability;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Broker.Hosting.Reloading;

/// <summary>
/// Reads files again when they change, and all of them on SIGHUP. It looks every few seconds instead of asking the system for events, which
/// network and container file systems do not send. What cannot be read stays as it is.
/// </summary>
internal sealed class FileReloader(IReadOnlyList<ReloadableFiles> files, TimeProvider time, ILogger<FileReloader> logger) : IHostedService, IDisposable
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private ITimer? _timer;
    private PosixSignalRegistration? _hangUp;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = time.CreateTimer(static reloader => ((FileReloader)reloader!).Reload(evenUnchanged: false), this, Period, Period);
        _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            Reload(evenUnchanged: true);
        });
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Reads what has changed, or everything.</summary>
    public void Reload(bool evenUnchanged)
    {
        lock (_gate)
        {
            foreach (ReloadableFiles each in files)
            {
                if (each.HaveChanged() || evenUnchanged)
                {
                    Reload(each);
                }
            }
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _hangUp?.Dispose();
    }

    private void Reload(ReloadableFiles each)
    {
        if (each.Reload() is { } problem)
        {
            logger.ReloadFailed(each.Name, problem);
        }
        else
        {
            logger.Reloaded(each.Name);
        }
    }
}
