using System.IO.Pipelines;

namespace Broker.Cli.Device;

/// <summary>One connection to a broker, whatever carries it.</summary>
internal interface IDeviceTransport : IDuplexPipe, IAsyncDisposable;
