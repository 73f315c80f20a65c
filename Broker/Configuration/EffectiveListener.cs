using System.Net;

namespace Broker.Configuration;

/// <summary>One listener as it is opened: what the options say, with every default decided.</summary>
/// <param name="Name">Name in logs, metrics and rules.</param>
/// <param name="Address">IP address, `*` for all, or `localhost` for the loopback addresses.</param>
/// <param name="Options">Everything else; its Address is not to be used.</param>
/// <param name="RestrictedToLoopback">The options ask for more, but without authentication only loopback is opened.</param>
internal sealed record EffectiveListener(string Name, string Address, ListenerOptions Options, bool RestrictedToLoopback)
{
    public const string AnyAddress = "*";
    public const string Loopback = "localhost";

    /// <summary>HTTP port for operators when none is configured.</summary>
    public const int DefaultAdminPort = 18083;

    /// <summary>The listeners that <paramref name="options"/> amount to.</summary>
    public static IReadOnlyList<EffectiveListener> From(BrokerOptions options) =>
        [.. Configured(options).Select(listener => Create(listener.Key, listener.Value, MayLeaveLoopback(options)))];

    /// <summary>Port of the operators' HTTP; null when it is off.</summary>
    public static int? AdminPort(BrokerOptions options) =>
        options.Admin.Port switch
        {
            null => options.ExtPort is null ? DefaultAdminPort : null,
            0 => null,
            { } port => port,
        };

    /// <summary>Address of the operators' HTTP, restricted to loopback like any listener.</summary>
    public static string AdminAddress(BrokerOptions options) =>
        MayLeaveLoopback(options) || IsLoopback(options.Admin.Address) ? options.Admin.Address : Loopback;

    /// <summary>True when the operators' HTTP can be reached from other hosts.</summary>
    public static bool AdminLeavesLoopback(BrokerOptions options) =>
        AdminPort(options) is not null && AdminAddress(options) is var address && address != Loopback && !IsLoopback(address);

    /// <summary>True when two of these addresses cannot both have the same port.</summary>
    public static bool Overlap(string a, string b) =>
        a == b || a == AnyAddress || b == AnyAddress || IsUnspecified(a) || IsUnspecified(b)
        || (a == Loopback && IsLoopback(b)) || (b == Loopback && IsLoopback(a));

    public override string ToString() =>
        $"{Name}: {Options.Protocol} on {(Address.Contains(':', StringComparison.Ordinal) ? $"[{Address}]" : Address)}:{Options.Port}"
        + (Options.Tls.IsEnabled ? " with TLS" : "")
        + (RestrictedToLoopback ? " (loopback only, because no authentication is configured)" : "");

    private static IEnumerable<KeyValuePair<string, ListenerOptions>> Configured(BrokerOptions options) =>
        options.ExtPort is { } port ? [DefaultListeners.ForExtPort(port, options)]
        : options.Listeners.Count > 0 ? options.Listeners
        : DefaultListeners.All(options.Tls);

    private static EffectiveListener Create(string name, ListenerOptions options, bool mayLeaveLoopback)
    {
        if (mayLeaveLoopback)
        {
            return new EffectiveListener(name, options.Address ?? AnyAddress, options, false);
        }

        bool asksForLoopback = options.Address is { } address && IsLoopback(address);
        return new EffectiveListener(name, asksForLoopback ? options.Address! : Loopback, options, options.Address is not null && !asksForLoopback);
    }

    private static bool MayLeaveLoopback(BrokerOptions options) =>
        options.AuthenticatesClients || options.Authentication.AllowAnonymous == true;

    private static bool IsLoopback(string address) => IPAddress.TryParse(address, out IPAddress? ip) && IPAddress.IsLoopback(ip);

    private static bool IsUnspecified(string address) =>
        IPAddress.TryParse(address, out IPAddress? ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any));
}
