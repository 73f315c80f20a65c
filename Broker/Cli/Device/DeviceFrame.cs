using Broker.Protocols.PrivateTcp;

namespace Broker.Cli.Device;

/// <summary>A received frame that owns its payload.</summary>
internal readonly record struct DeviceFrame(FrameType Type, byte Flags, byte[] Payload);
