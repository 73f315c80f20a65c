using Broker.Configuration;
using Broker.Observability;
using Broker.Storage;
using Broker.Transports;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Broker.Hosting;

/// <summary>A broker process: opens the listeners, serves them, and closes everything in an orderly way.</summary>
internal sealed class BrokerHost : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ListenerPlan _plan;
    private readonly BrokerOptions _options;
    private readonly ILogger _logger;
    private readonly Action<IServiceProvider> _prepare;

    private BrokerHost(WebApplication application, BrokerHostSetup setup, ListenerPlan plan, IReadOnlyList<OpenListener> listeners)
    {
        _application = application;
        _options = setup.Options;
        _prepare = setup.Prepare;
        _plan = plan;
        _logger = application.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Broker");
        Listeners = listeners;
    }

    /// <summary>The open listeners, with the ports that the system chose.</summary>
    public IReadOnlyList<OpenListener> Listeners { get; }

    public IServiceProvider Services => _application.Services;

    /// <summary>Opens the listeners and builds the host; null when a listener cannot be opened.</summary>
    public static BrokerHost? TryCreate(BrokerHostSetup setup, out IReadOnlyList<ListenerFailure> failures)
    {
        ListenerPlan plan = ListenerPlan.Create(setup.Options, BindableAddresses.OfThisHost());
        IReadOnlyList<OpenListener> listeners = OpenListeners.Open(plan, setup.TimeProvider, out failures);
        return failures.Count > 0
            ? null
            : new BrokerHost(BrokerApplication.Build(setup, listeners), setup, plan, listeners);
    }

    /// <summary>Runs until the process is asked to stop. Returns the exit status.</summary>
    public static async Task<int> RunAsync(BrokerHostSetup setup, TextWriter errors, CancellationToken stop)
    {
        await using BrokerHost? host = TryCreate(setup, out IReadOnlyList<ListenerFailure> failures);
        if (host is null)
        {
            foreach (ListenerFailure failure in failures)
            {
                await errors.WriteLineAsync(failure.ToString());
            }
            return 1;
        }
        try
        {
            await host.StartAsync(CancellationToken.None);
        }
        catch (StoreException failure)
        {
            await errors.WriteLineAsync($"error: {failure.Message}");
            return 1;
        }
        await host._application.WaitForShutdownAsync(stop);
        return 0;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _prepare(_application.Services);
        await _application.StartAsync(cancellationToken);
        _application.Lifetime.ApplicationStopping.Register(() => _logger.Stopping(Listeners.Sum(l => l.Context.CurrentConnections)));
        _application.Lifetime.ApplicationStopped.Register(_logger.Stopped);
        LogListeners();
    }

    /// <summary>Stops listening, asks every connection to end, and waits for that as long as the options allow.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _application.StopAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        foreach (OpenListener listener in Listeners)
        {
            listener.Dispose();
        }
    }

    private void LogListeners()
    {
        foreach (OpenListener listener in Listeners)
        {
            string protocol = listener.Context.IsAdmin ? "operators' HTTP" : listener.Context.Options.Protocol.ToString();
            string security = listener.Tls is null ? "plain" : "TLS";
            if (listener is { Tls: not null, Context.Options.Protocol: ListenerProtocol.Multiplexed })
            {
                security = "plain and TLS";
            }
            _logger.Listening(listener.Context.Name, protocol, security, string.Join(", ", listener.EndPoints));
            WarnAboutCertificate(listener);
            if (!listener.Context.Options.ReuseAddress)
            {
                _logger.ReuseAddressAlwaysOn(listener.Context.Name);
            }
        }
        if (_plan.NotOpened.Count > 0)
        {
            _logger.OnlyExtPort(_options.ExtPort!.Value, string.Join(", ", _plan.NotOpened));
        }
        if (_plan.IsLoopbackOnly)
        {
            _logger.LoopbackOnly();
        }
    }

    private void WarnAboutCertificate(OpenListener listener)
    {
        if (listener.Tls is not { Certificate: var certificate })
        {
            return;
        }
        DateTime now = Services.GetRequiredService<TimeProvider>().GetLocalNow().DateTime;
        if (now < certificate.NotBefore || now > certificate.NotAfter)
        {
            string? file = listener.Context.Options.Tls.CertificateFile;
            _logger.CertificateNotValidNow(listener.Context.Name, file, certificate.NotBefore, certificate.NotAfter);
        }
    }
}
