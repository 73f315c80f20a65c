using Broker.Cli.Bench;
using Broker.Cli.Crashtest.Audit;
using Broker.Protocols.Mqtt;

namespace Broker.Cli.Crashtest.Sessions;

/// <summary>One client's session, which outlives its connections and the broker's processes. Guarded by the flow's gate.</summary>
internal abstract class ClientSession(LoadFlow flow, AuditLog audit, string clientId, MqttVersion version)
{
    private const uint ExpiryIntervalSeconds = 7 * 24 * 60 * 60;

    private bool _isOpened;

    public string ClientId => clientId;

    public MqttVersion Version => version;

    public LoadFlow Flow => flow;

    /// <summary>The connection that counts; what still comes from an earlier one does not.</summary>
    public SessionConnection? Connection { get; private set; }

    /// <summary>True from CONNACK to the end of the connection.</summary>
    public bool IsConnected { get; private set; }

    protected AuditLog Audit => audit;

    /// <summary>Messages that the broker may have in flight to the client.</summary>
    protected virtual ushort ReceiveMaximum => ushort.MaxValue;

    /// <summary>False when the session ends with its connection.</summary>
    protected virtual bool IsPersistent => true;

    /// <summary>Sends CONNECT over a new stream and goes on where the session was.</summary>
    /// <exception cref="IOException">The connection is lost, or the broker refuses.</exception>
    public async Task<SessionConnection> ConnectAsync(Stream stream, CancellationToken cancellationToken)
    {
        var connection = new SessionConnection(this);
        lock (flow.Gate)
        {
            Connection = connection;
        }

        await connection.OpenAsync(stream, ConnectPacket(), cancellationToken);
        return connection;
    }

    /// <summary>Ends the connection.</summary>
    /// <param name="politely">Send DISCONNECT before.</param>
    public void Leave(bool politely)
    {
        SessionConnection? connection;
        lock (flow.Gate)
        {
            connection = Connection;
            Connection = null;
            IsConnected = false;
        }

        if (politely)
        {
            connection?.SendDisconnect();
        }

        connection?.Dispose();
    }

    /// <summary>CONNACK is here.</summary>
    public void OnConnAck(ConnAckPacket packet)
    {
        if (!packet.SessionPresent)
        {
            if (_isOpened && IsPersistent)
            {
                audit.Violate(ViolationKind.SessionLost, $"{clientId}: the session is gone");
            }

            Forget();
        }

        _isOpened = true;
        IsConnected = true;
        Resume(packet.ReceiveMaximum ?? ushort.MaxValue);
    }

    /// <summary>The connection has ended without being told to.</summary>
    public void OnLost(SessionConnection connection, string reason)
    {
        if (ReferenceEquals(Connection, connection))
        {
            Connection = null;
            IsConnected = false;
            if (!audit.ExpectsLostConnections)
            {
                audit.Fail($"{clientId}: {reason}");
            }
        }
    }

    /// <summary>Processes any other packet.</summary>
    public abstract void OnPacket(in MqttFrame frame, SessionConnection connection);

    /// <summary>The broker has no session: the client's part of the state goes too.</summary>
    protected abstract void Forget();

    /// <summary>Sends again what is unacknowledged.</summary>
    /// <param name="receiveMaximum">Messages that may be in flight to the broker.</param>
    protected abstract void Resume(ushort receiveMaximum);

    private ConnectPacket ConnectPacket() => new()
    {
        Version = version,
        CleanStart = !IsPersistent,
        ClientId = clientId,
        SessionExpiryInterval = IsPersistent ? ExpiryIntervalSeconds : 0,
        ReceiveMaximum = ReceiveMaximum,
    };
}
