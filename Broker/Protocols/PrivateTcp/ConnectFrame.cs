using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Broker.Protocols.PrivateTcp;

/// <summary>
/// The payload of CONNECT. The flags of the frame are the protocol version.
/// <code>
/// keepalive UINT(1), seconds    ClientId STR    [ Username STR    [ Password STR ] ]        STR = 2 bytes length, UTF-8
/// </code>
/// </summary>
internal sealed class ConnectFrame
{
    /// <summary>The only version there is.</summary>
    public const byte SupportedVersion = 1;

    /// <summary>The flags that devices of EMQ X 3.x send for the same version: their CONNECT begins with 0x10.</summary>
    public const byte LegacyVersion = 0;

    /// <summary>The version in the flags: <see cref="SupportedVersion"/> or <see cref="LegacyVersion"/>.</summary>
    public byte Version { get; init; } = SupportedVersion;

    /// <summary>Keepalive in seconds; 0 is off.</summary>
    public byte KeepAliveSeconds { get; init; }

    /// <summary>ClientId, never empty.</summary>
    public required string ClientId { get; init; }

    /// <summary>Username; null when the frame ends before it.</summary>
    public string? Username { get; init; }

    /// <summary>Password, UTF-8; null when the frame ends before it. Only a frame with a Username can have one.</summary>
    public byte[]? Password { get; init; }

    /// <summary>Parses CONNECT. The version is judged first: the payload of another version may look different.</summary>
    /// <exception cref="PrivateTcpProtocolException">Not a CONNECT, malformed, or of a version that is not spoken.</exception>
    public static ConnectFrame Read(PrivateFrame frame, bool acceptLegacy)
    {
        if (frame.Type != FrameType.Connect)
        {
            PrivateTcpProtocolException.ThrowMalformedConnect($"the first frame is {frame.Type}");
        }

        if (frame.Flags != SupportedVersion && !(acceptLegacy && frame.Flags == LegacyVersion))
        {
            PrivateTcpProtocolException.ThrowUnsupportedVersion(frame.Flags);
        }

        var rest = frame.Payload;
        if (rest.IsEmpty)
        {
            PrivateTcpProtocolException.ThrowMalformedConnect("no keepalive");
        }

        var keepAlive = rest[0];
        rest = rest[1..];
        var clientId = ReadString(ref rest, "ClientId");
        if (clientId.IsEmpty)
        {
            PrivateTcpProtocolException.ThrowMalformedConnect("empty ClientId");
        }

        var username = rest.IsEmpty ? null : Encoding.UTF8.GetString(ReadString(ref rest, "Username"));
        var password = rest.IsEmpty ? null : ReadString(ref rest, "Password").ToArray();
        if (!rest.IsEmpty)
        {
            PrivateTcpProtocolException.ThrowMalformedConnect("bytes after the last field");
        }

        return new ConnectFrame
        {
            Version = frame.Flags,
            KeepAliveSeconds = keepAlive,
            ClientId = Encoding.UTF8.GetString(clientId),
            Username = username,
            Password = password,
        };
    }

    private static ReadOnlySpan<byte> ReadString(ref ReadOnlySpan<byte> rest, string field)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(rest, out var length) || rest.Length - sizeof(ushort) < length)
        {
            PrivateTcpProtocolException.ThrowMalformedConnect($"{field} is cut short");
        }

        var text = rest.Slice(sizeof(ushort), length);
        if (!Utf8.IsValid(text))
        {
            PrivateTcpProtocolException.ThrowMalformedConnect($"{field} is not UTF-8");
        }

        rest = rest[(sizeof(ushort) + length)..];
        return text;
    }
}
