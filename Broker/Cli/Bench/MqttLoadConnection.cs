using Broker.Protocols.Mqtt;

namespace Broker.Cli.Bench;

/// <summary>A connection whose bytes are MQTT.</summary>
internal abstract class MqttLoadConnection(LoadFlow flow, MqttVersion version) : LoadConnection(flow)
{
    /// <summary>Version that the client speaks.</summary>
    public MqttVersion Version => version;

    /// <summary>Appends a PUBACK, PUBREC, PUBREL or PUBCOMP, under the gate.</summary>
    public void Acknowledge(PacketType type, ushort packetId)
    {
        Span<byte> packet = stackalloc byte[MqttWriter.MaximumAckSize];
        var length = MqttWriter.WriteAck(packet, type, version, packetId, ReasonCode.Success);
        packet[..length].CopyTo(Extend(length));
    }

    /// <inheritdoc />
    protected override int Process(ReadOnlySpan<byte> data, long now)
    {
        var consumed = 0;
        while (true)
        {
            var status = MqttFrame.TryRead(data[consumed..], int.MaxValue, out var frame, out _);
            if (status == FrameStatus.NeedMore)
            {
                return consumed;
            }

            if (status != FrameStatus.Done)
            {
                throw new InvalidDataException("not an MQTT packet");
            }

            Process(frame, now);
            consumed += frame.Length;
        }
    }

    /// <summary>Processes one packet, under the gate.</summary>
    protected abstract void Process(in MqttFrame frame, long now);

    /// <summary>What a CONNACK says against the client; null when it is good.</summary>
    protected static string? RefusalOf(ConnAckPacket packet) =>
        packet.ReasonCode != ReasonCode.Success ? packet.ReasonCode.ToString()
        : packet.ReturnCode != ConnectReturnCode.Accepted ? packet.ReturnCode.ToString()
        : null;

    /// <summary>The broker has ended the connection with a reason.</summary>
    /// <exception cref="InvalidDataException">Always.</exception>
    protected void OnDisconnect(in MqttFrame frame) =>
        throw new InvalidDataException($"it sent DISCONNECT {DisconnectPacket.Read(frame, version, PacketSender.Server).ReasonCode}");
}
