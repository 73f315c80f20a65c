using System.Net;
using Broker.Configuration;

namespace Broker.Hosting;

/// <summary>Which listeners the broker opens, and on which addresses, as the options ask for and as safety allows.</summary>
internal sealed class ListenerPlan
{
    private const int DefaultAdminPort = 18083;

    private readonly BrokerOptions _options;
    private readonly BindableAddresses _host;
    private readonly List<PlannedListener> _listeners = [];

    private ListenerPlan(BrokerOptions options, BindableAddresses host)
    {
        _options = options;
        _host = host;
        IsLoopbackOnly = !options.Authentication.IsConfigured && options.Authentication.AllowAnonymous != true;
    }

    public IReadOnlyList<PlannedListener> Listeners => _listeners;

    /// <summary>True when nothing could tell a known client from a stranger, so that no listener leaves this host.</summary>
    public bool IsLoopbackOnly { get; }

    /// <summary>Configured listeners that stay closed because the one port is all the broker opens.</summary>
    public IReadOnlyList<string> NotOpened { get; private set; } = [];

    /// <exception cref="FormatException">A listener's address is not an IP address; the validator reports that first.</exception>
    public static ListenerPlan Create(BrokerOptions options, BindableAddresses host)
    {
        var plan = new ListenerPlan(options, host);
        if (options.ExtPort is { } extPort)
        {
            plan.AddDefault("one-port", ListenerProtocol.Multiplexed, extPort, options.Tls);
            plan.NotOpened = [.. options.Listeners.Keys];
        }
        else if (options.Listeners.Count > 0)
        {
            foreach ((string name, ListenerOptions listener) in options.Listeners)
            {
                plan.Add(name, listener);
            }
        }
        else
        {
            plan.AddDefaults();
        }
        plan.AddAdmin();
        return plan;
    }

    private void AddDefaults()
    {
        var noTls = new TlsOptions();
        AddDefault("mqtt", ListenerProtocol.Mqtt, 1883, noTls);
        AddDefault("private-tcp", ListenerProtocol.PrivateTcp, 8090, noTls);
        AddDefault("websocket", ListenerProtocol.WebSocket, 8083, noTls);
        AddDefault("one-port", ListenerProtocol.Multiplexed, 9000, _options.Tls);
        if (_options.Tls.IsEnabled)
        {
            AddDefault("mqtt-tls", ListenerProtocol.Mqtt, 8883, _options.Tls);
            AddDefault("private-tcp-tls", ListenerProtocol.PrivateTcp, 8091, _options.Tls);
            AddDefault("websocket-tls", ListenerProtocol.WebSocket, 8084, _options.Tls);
        }
    }

    private void AddDefault(string name, ListenerProtocol protocol, int port, TlsOptions tls) =>
        Add(name, new ListenerOptions { Protocol = protocol, Port = port, Tls = tls });

    private void Add(string name, ListenerOptions listener) =>
        _listeners.Add(new PlannedListener(name, listener, Resolve(listener.Address)) { DetectionTimeout = DetectionTimeoutOf(listener) });

    /// <summary>Whichever protocol would wait longer for its CONNECT: until it is known which one it is, both must be possible.</summary>
    private TimeSpan DetectionTimeoutOf(ListenerOptions listener)
    {
        int privateTcpSeconds = (listener.PrivateTcp ?? _options.PrivateTcp).IdleTimeoutSeconds;
        return TimeSpan.FromSeconds(Math.Max(_options.Mqtt.ConnectTimeoutSeconds, privateTcpSeconds));
    }

    private void AddAdmin()
    {
        int port = _options.Admin.Port ?? (_options.ExtPort is null ? DefaultAdminPort : 0);
        if (port == 0)
        {
            return;
        }
        var options = new ListenerOptions { Address = _options.Admin.Address, Port = port };
        _listeners.Add(new PlannedListener("admin", options, Resolve(options.Address)) { IsAdmin = true });
    }

    private IReadOnlyList<IPAddress> Resolve(string? address)
    {
        IPAddress? given = address is null or "*" ? null : IPAddress.Parse(address);
        if (!IsLoopbackOnly)
        {
            return [given ?? _host.Any];
        }
        // one particular loopback address is as safe as all of them, and may be wanted
        return given is not null && IPAddress.IsLoopback(given) ? [given] : _host.Loopback;
    }
}
