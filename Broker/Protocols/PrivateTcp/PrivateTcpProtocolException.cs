using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Broker.Protocols.PrivateTcp;

/// <summary>The peer broke the private TCP protocol. The message names what it did and is fit for a log.</summary>
internal sealed class PrivateTcpProtocolException(PrivateTcpError error, string message) : Exception(message)
{
    /// <summary>Decides the answer.</summary>
    public PrivateTcpError Error { get; } = error;

    [DoesNotReturn]
    public static void ThrowMalformedConnect(string what) =>
        throw new PrivateTcpProtocolException(PrivateTcpError.MalformedConnect, $"Malformed CONNECT: {what}.");

    [DoesNotReturn]
    public static void ThrowUnsupportedVersion(byte version) =>
        throw new PrivateTcpProtocolException(
            PrivateTcpError.UnsupportedVersion,
            string.Create(CultureInfo.InvariantCulture, $"Protocol version {version} is not supported, only {ConnectFrame.SupportedVersion}."));

    [DoesNotReturn]
    public static void ThrowUnexpectedFrame(FrameType type) =>
        throw new PrivateTcpProtocolException(PrivateTcpError.UnexpectedFrame, $"Unexpected frame {type}.");

    /// <summary>Throws for a status other than <see cref="FrameStatus.Done"/> and <see cref="FrameStatus.NeedMore"/>.</summary>
    [DoesNotReturn]
    public static void ThrowInvalidFrame(FrameStatus status, byte firstByte)
    {
        var (error, what) = status switch
        {
            FrameStatus.TooLarge => (PrivateTcpError.FrameTooLarge, "Len above the maximum packet size"),
            FrameStatus.ReservedType => (PrivateTcpError.ReservedType, "Reserved frame type"),
            FrameStatus.InvalidFlags => (PrivateTcpError.InvalidFlags, "Non-zero flags"),
            _ => throw new ArgumentOutOfRangeException(nameof(status)),
        };
        throw new PrivateTcpProtocolException(error, string.Create(CultureInfo.InvariantCulture, $"{what} (first byte 0x{firstByte:x2})."));
    }
}
