namespace Broker.Transports;

/// <summary>The protocols that transports can hand a connection over to.</summary>
/// <param name="Mqtt">MQTT.</param>
/// <param name="PrivateTcp">The private TCP protocol.</param>
/// <param name="Gate">Turns addresses away before a byte is read; null for none.</param>
internal sealed record ConnectionServices(IConnectionService Mqtt, IConnectionService PrivateTcp, IAddressGate? Gate = null);
