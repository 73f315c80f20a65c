namespace Broker.Tests.Clients;

/// <summary>Where a test's client connects.</summary>
internal sealed record Endpoint(int Port, bool IsTls)
{
    /// <summary>The address as MQTT.js takes it.</summary>
    public string Url(bool isWebSocket) => (isWebSocket, IsTls) switch
    {
        (false, false) => $"mqtt://127.0.0.1:{Port}",
        (false, true) => $"mqtts://127.0.0.1:{Port}",
        (true, false) => $"ws://127.0.0.1:{Port}/mqtt",
        (true, true) => $"wss://127.0.0.1:{Port}/mqtt",
    };
}
