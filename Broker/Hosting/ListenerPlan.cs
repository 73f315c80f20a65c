using System.Net;
using Broker.Configuration;

namespace Broker.Hosting;

/// <summary>Which listeners the broker opens, and on which addresses of this host.</summary>
internal sealed class ListenerPlan
{
    private ListenerPlan(BrokerOptions options, IReadOnlyList<PlannedListener> listeners)
    {
        Listeners = listeners;
        IsLoopbackOnly = !options.AuthenticatesClients && options.Authentication.AllowAnonymous != true;
        NotOpened = options.ExtPort is null ? [] : [.. options.Listeners.Keys.Where(static name => !name.Equals(DefaultListeners.OnePortName, StringComparison.OrdinalIgnoreCase))];
    }

    /// <summary>Listeners in the order in which they are opened; the operators' HTTP is the last.</summary>
    public IReadOnlyList<PlannedListener> Listeners { get; }

    /// <summary>True when nothing could tell a known client from a stranger, so that no listener leaves this host.</summary>
    public bool IsLoopbackOnly { get; }

    /// <summary>Configured listeners that stay closed because the one port is all the broker opens.</summary>
    public IReadOnlyList<string> NotOpened { get; }

    /// <summary>Resolves what the options ask for.</summary>
    /// <exception cref="FormatException">A listener's address is not an IP address; the validator reports that first.</exception>
    public static ListenerPlan Create(BrokerOptions options, BindableAddresses host)
    {
        List<PlannedListener> listeners = [.. EffectiveListener.From(options).Select(listener =>
            new PlannedListener(listener.Name, listener.Options, Resolve(listener.Address, host)) { DetectionTimeout = DetectionTimeoutOf(listener.Options, options) })];
        if (EffectiveListener.AdminPort(options) is { } port)
        {
            var admin = new ListenerOptions { Address = options.Admin.Address, Port = port, Tls = options.Admin.Tls };
            var address = EffectiveListener.AdminAddress(options);
            listeners.Add(new PlannedListener("admin", admin, Resolve(address, host)) { IsAdmin = true });
        }

        return new ListenerPlan(options, listeners);
    }

    // Whichever protocol would wait longer for its CONNECT: until it is known which one it is, both must be possible.
    private static TimeSpan DetectionTimeoutOf(ListenerOptions listener, BrokerOptions options) =>
        TimeSpan.FromSeconds(Math.Max(options.Mqtt.ConnectTimeoutSeconds, (listener.PrivateTcp ?? options.PrivateTcp).IdleTimeoutSeconds));

    private static IReadOnlyList<IPAddress> Resolve(string address, BindableAddresses host) => address switch
    {
        EffectiveListener.AnyAddress => [host.Any],
        EffectiveListener.Loopback => host.Loopback,
        _ => [IPAddress.Parse(address)],
    };
}
