using Broker.Configuration;
using Broker.Primitives;
using Broker.Protocols.PrivateTcp;

namespace Broker.Gateways.PrivateTcp;

/// <summary>A listener's settings as its connections use them: templates parsed, values that depend on others worked out.</summary>
internal sealed class PrivateTcpSettings
{
    // What a connection can hold for its socket at all, also without a limit.
    private const int LargestOutputBytes = 1 << 30;

    private PrivateTcpSettings(PrivateTcpOptions options, TopicTemplate uplink, TopicTemplate downlink)
    {
        Options = options;
        UplinkTopic = uplink;
        DownlinkTopic = downlink;
    }

    /// <summary>The settings as configured.</summary>
    public PrivateTcpOptions Options { get; }

    /// <summary>Topic of uplinks.</summary>
    public TopicTemplate UplinkTopic { get; }

    /// <summary>Topic of downlinks.</summary>
    public TopicTemplate DownlinkTopic { get; }

    /// <summary>QoS of uplinks.</summary>
    public Qos UplinkQos => (Qos)Options.UplinkQos;

    /// <summary>QoS of the downlink subscription: QoS 0 is never kept for a session that is offline.</summary>
    public Qos DownlinkQos => (Qos)Math.Max(Options.DownlinkQos, Options.KeepOfflineDownlinks ? 1 : 0);

    /// <summary>Bytes of undelivered downlinks above which a connection is closed.</summary>
    public int MaximumPendingBytes => Options.ForceShutdownBytes == 0 ? LargestOutputBytes : (int)Math.Min(Options.ForceShutdownBytes, LargestOutputBytes);

    /// <summary>Undelivered downlinks above which a connection is closed.</summary>
    public int MaximumPendingMessages => Options.ForceShutdownMessages == 0 ? int.MaxValue : Options.ForceShutdownMessages;

    /// <summary>Parses the settings; null when a topic template is not usable, which <paramref name="fault"/> explains.</summary>
    public static PrivateTcpSettings? TryCreate(PrivateTcpOptions options, out string? fault)
    {
        fault = FindFault(nameof(options.UplinkTopic), options.UplinkTopic, out var uplink)
            ?? FindFault(nameof(options.DownlinkTopic), options.DownlinkTopic, out _);
        return fault is null ? new PrivateTcpSettings(options, uplink, TopicTemplate.Parse(options.DownlinkTopic)) : null;
    }

    private static string? FindFault(string setting, string text, out TopicTemplate template)
    {
        if (!TopicTemplate.TryParse(text, out template, out var error))
        {
            return $"{setting} '{text}' is not a topic template: {error}.";
        }

        // The broker's own topics, and what would become a shared subscription.
        return text.StartsWith("$SYS/", StringComparison.Ordinal) || text.StartsWith("$share/", StringComparison.Ordinal)
            ? $"{setting} '{text}' begins with a reserved level."
            : null;
    }
}
