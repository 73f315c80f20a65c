using System.Net.Sockets;

namespace Broker.Tests.Transports.Epoll;

/// <summary>Sends and expects bytes on a client's socket; nothing may take longer than <see cref="RawClient.Patience"/>.</summary>
internal static class SocketBytes
{
    public static async Task SendAllAsync(this Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes).AsTask().WaitAsync(RawClient.Patience)..];
        }
    }

    public static async Task<byte[]> ReceiveExactlyAsync(this Socket socket, int count)
    {
        byte[] bytes = new byte[count];
        for (int received = 0; received < count;)
        {
            int length = await socket.ReceiveAsync(bytes.AsMemory(received)).AsTask().WaitAsync(RawClient.Patience);
            received += length > 0 ? length : throw new EndOfStreamException($"only {received} of {count} bytes came");
        }
        return bytes;
    }

    /// <summary>Everything until the broker closes; a reset counts as closed.</summary>
    public static async Task<byte[]> ReceiveToEndAsync(this Socket socket)
    {
        using var received = new MemoryStream();
        byte[] bytes = new byte[65_536];
        try
        {
            while (await socket.ReceiveAsync(bytes.AsMemory()).AsTask().WaitAsync(RawClient.Patience) is > 0 and var length)
            {
                received.Write(bytes, 0, length);
            }
        }
        catch (SocketException)
        {
        }
        return received.ToArray();
    }

    /// <summary>Disappears like a client whose power fails and comes back: by a reset.</summary>
    public static void Reset(this Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }
}
