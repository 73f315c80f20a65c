namespace Broker.Configuration;

/// <summary>The listeners of a broker whose configuration names none, and the one listener of a broker with an EXT_PORT.</summary>
internal static class DefaultListeners
{
    public const string OnePortName = "one-port";
    private const string TlsSuffix = "-tls";

    /// <summary>MQTT 1883, private TCP 8090, WebSocket 8083, one port 9000; with a certificate also 8883, 8091, 8084.</summary>
    public static IEnumerable<KeyValuePair<string, ListenerOptions>> All(TlsOptions tls)
    {
        yield return Create("mqtt", ListenerProtocol.Mqtt, 1883, new TlsOptions());
        yield return Create("private-tcp", ListenerProtocol.PrivateTcp, 8090, new TlsOptions());
        yield return Create("websocket", ListenerProtocol.WebSocket, 8083, new TlsOptions());
        yield return Create(OnePortName, ListenerProtocol.Multiplexed, 9000, tls);
        if (tls.IsEnabled)
        {
            yield return Create("mqtt" + TlsSuffix, ListenerProtocol.Mqtt, 8883, tls);
            yield return Create("private-tcp" + TlsSuffix, ListenerProtocol.PrivateTcp, 8091, tls);
            yield return Create("websocket" + TlsSuffix, ListenerProtocol.WebSocket, 8084, tls);
        }
    }

    /// <summary>The one port for everything. A configured listener named `one-port` gives it its settings, all but the port.</summary>
    public static KeyValuePair<string, ListenerOptions> ForExtPort(int port, BrokerOptions options)
    {
        if (!options.Listeners.TryGetValue(OnePortName, out var configured))
        {
            return Create(OnePortName, ListenerProtocol.Multiplexed, port, options.Tls);
        }

        configured.Protocol = ListenerProtocol.Multiplexed;
        configured.Port = port;
        configured.Tls = configured.Tls.IsEnabled ? configured.Tls : options.Tls;
        return KeyValuePair.Create(OnePortName, configured);
    }

    /// <summary>
    /// Adds the default listeners of the other protocols: an emqx_tcp.conf speaks of the gateway only, and MQTT clients are to find the broker as before.
    /// </summary>
    public static void AddBesideGateway(BrokerOptions options)
    {
        foreach ((string name, ListenerOptions listener) in All(options.Tls).Where(pair => pair.Value.Protocol != ListenerProtocol.PrivateTcp))
        {
            if (options.Listeners.Values.All(other => other.Port != listener.Port))
            {
                options.Listeners.TryAdd(name, listener);
            }
        }
    }

    private static KeyValuePair<string, ListenerOptions> Create(string name, ListenerProtocol protocol, int port, TlsOptions tls) =>
        KeyValuePair.Create(name, new ListenerOptions { Protocol = protocol, Port = port, Tls = tls });
}
