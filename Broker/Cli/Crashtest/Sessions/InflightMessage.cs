using Broker.Cli.Crashtest.Audit;

namespace Broker.Cli.Crashtest.Sessions;

/// <summary>A message of a publisher whose exchange is not complete.</summary>
internal sealed class InflightMessage(MessageStream stream, uint sequence, ushort packetId)
{
    public MessageStream Stream => stream;

    public uint Sequence => sequence;

    public ushort PacketId => packetId;

    /// <summary>PUBREC is here: PUBREL is what is sent from now on, never PUBLISH again.</summary>
    public bool IsReceived { get; set; }
}
