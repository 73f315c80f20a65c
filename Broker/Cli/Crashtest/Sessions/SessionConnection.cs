using Broker.Cli.Bench;
using Broker.Protocols.Mqtt;

namespace Broker.Cli.Crashtest.Sessions;

/// <summary>One connection in the life of a session.</summary>
internal sealed class SessionConnection(ClientSession session) : MqttLoadConnection(session.Flow, session.Version)
{
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the connection has ended without being told to.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Sends CONNECT and waits for CONNACK.</summary>
    /// <exception cref="IOException">The connection is lost, or the broker refuses.</exception>
    public async Task OpenAsync(Stream stream, ConnectPacket packet, CancellationToken cancellationToken)
    {
        Begin(stream);
        Send(output => MqttWriter.WriteConnect(output, packet));
        await _connected.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Appends a SUBSCRIBE of one filter, under the gate.</summary>
    public void Subscribe(ushort packetId, string filter, SubscriptionOptions options) =>
        Append(output => MqttWriter.WriteSubscribe(output, Version, packetId, [(filter, options)]));

    /// <summary>Appends an UNSUBSCRIBE of one filter, under the gate.</summary>
    public void Unsubscribe(ushort packetId, string filter) =>
        Append(output => MqttWriter.WriteUnsubscribe(output, Version, packetId, [filter]));

    /// <summary>Ends the session's connection as the specification wants it.</summary>
    public void SendDisconnect() => Send(output => MqttWriter.WriteDisconnect(output, Version, new DisconnectPacket()));

    /// <inheritdoc />
    protected override void Process(in MqttFrame frame, long now)
    {
        if (!ReferenceEquals(session.Connection, this))
        {
            return;
        }

        switch (frame.Type)
        {
            case PacketType.ConnAck:
                OnConnAck(ConnAckPacket.Read(frame, Version));
                break;
            case PacketType.Disconnect:
                OnDisconnect(frame);
                break;
            default:
                session.OnPacket(frame, this);
                break;
        }
    }

    /// <inheritdoc />
    protected override void OnLost(string reason)
    {
        lock (Flow.Gate)
        {
            session.OnLost(this, reason);
        }

        _connected.TrySetException(new IOException(reason));
        _ = _connected.Task.Exception;
        _ended.TrySetResult();
    }

    private void OnConnAck(ConnAckPacket packet)
    {
        if (RefusalOf(packet) is { } refusal)
        {
            throw new InvalidDataException($"CONNACK {refusal}");
        }

        session.OnConnAck(packet);
        _connected.TrySetResult();
    }
}
