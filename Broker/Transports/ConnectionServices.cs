namespace Broker.Transports;

/// <summary>The protocols that transports can hand a connection over to.</summary>
internal sealed record ConnectionServices(IConnectionService Mqtt, IConnectionService PrivateTcp);
