using System.Globalization;

namespace Broker.Benchmarks.Soak;

/// <summary>
/// `soak`: private-TCP devices that each send once a second while MQTT subscribers share their uplinks. Every uplink carries its sequence
/// number, so that nothing can be lost or repeated unseen.
/// </summary>
/// <param name="Devices">Devices.</param>
/// <param name="Subscribers">MQTT subscribers; each has the uplink topics of its share of the devices.</param>
/// <param name="Seconds">Seconds of sending.</param>
/// <param name="MqttPort">MQTT port on 127.0.0.1.</param>
/// <param name="DevicePort">Private TCP port on 127.0.0.1.</param>
/// <param name="ProcessId">Broker process whose memory is watched; 0 for none.</param>
internal sealed record SoakPlan(int Devices, int Subscribers, int Seconds, int MqttPort, int DevicePort, int ProcessId)
{
    /// <summary>Reads `--name value` pairs.</summary>
    public static SoakPlan Parse(string[] args)
    {
        var values = args.Chunk(2).ToDictionary(static pair => pair[0], static pair => int.Parse(pair[1], CultureInfo.InvariantCulture));
        int Value(string name, int otherwise) => values.GetValueOrDefault("--" + name, otherwise);
        return new SoakPlan(
            Value("devices", 10_000),
            Value("subscribers", 1_000),
            Value("seconds", 120),
            Value("mqtt-port", 1883),
            Value("device-port", 8090),
            Value("pid", 0));
    }

    /// <summary>ClientId of a device.</summary>
    public static string DeviceId(int device) => string.Create(CultureInfo.InvariantCulture, $"soak-{device}");
}
