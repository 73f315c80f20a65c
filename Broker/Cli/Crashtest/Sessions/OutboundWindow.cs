using Broker.Cli.Bench;
using Broker.Cli.Crashtest.Audit;

namespace Broker.Cli.Crashtest.Sessions;

/// <summary>A publisher's part of the session state: the messages in flight, in the order in which they were first sent.</summary>
internal sealed class OutboundWindow
{
    private readonly List<InflightMessage> _messages = [];
    private PacketIdentifiers _identifiers = new();

    /// <summary>Messages that may be in flight.</summary>
    public int Limit
    {
        get => _identifiers.Limit;
        set => _identifiers.Limit = value;
    }

    /// <summary>True when another message may be sent.</summary>
    public bool HasRoom => _identifiers.Free > 0;

    /// <summary>What is in flight, oldest first: the order of sending it again (5.0: 4.6).</summary>
    public IReadOnlyList<InflightMessage> Messages => _messages;

    /// <summary>A message is sent for the first time.</summary>
    public InflightMessage Add(MessageStream stream, uint sequence)
    {
        var message = new InflightMessage(stream, sequence, _identifiers.Take());
        _messages.Add(message);
        return message;
    }

    /// <summary>The message that an acknowledgement is about; null when there is none.</summary>
    public InflightMessage? Find(ushort packetId) => _messages.Find(message => message.PacketId == packetId);

    /// <summary>The exchange is complete, or was refused: the identifier is free.</summary>
    public void Remove(InflightMessage message)
    {
        _messages.Remove(message);
        _identifiers.Release(message.PacketId);
    }

    /// <summary>The session is gone: what becomes of what was in flight, nobody can know any more.</summary>
    public void Clear()
    {
        _messages.Clear();
        _identifiers = new PacketIdentifiers { Limit = Limit };
    }
}
