namespace Broker.Connections;

/// <summary>Where the bytes of one connection go. Behaves like a non-blocking socket, whatever is below: pipe, TLS, WebSocket, socket.</summary>
internal interface IByteTransport
{
    /// <summary>
    /// Takes as many bytes as it can without blocking. After taking fewer than it was given it calls <see cref="ClientConnection.OnWritable"/>
    /// once there is room. Called under the connection's lock.
    /// </summary>
    /// <returns>Bytes taken.</returns>
    int Send(ReadOnlySpan<byte> data);

    /// <summary>True while bytes that it took may still be lost with the connection; <see cref="ClientConnection.OnWritable"/> follows.</summary>
    bool IsHolding => false;

    /// <summary>Closes after what was taken has been sent.</summary>
    void Close();

    /// <summary>Closes at once.</summary>
    void Abort();
}
