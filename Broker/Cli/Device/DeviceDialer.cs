namespace Broker.Cli.Device;

/// <summary>Makes a new connection.</summary>
/// <exception cref="IOException">It cannot be made; the message says why.</exception>
internal delegate ValueTask<IDeviceTransport> DeviceDialer(CancellationToken cancellationToken);
