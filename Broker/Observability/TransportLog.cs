using System.Net;
using Microsoft.Extensions.Logging;

namespace Broker.Observability;

/// <summary>What transports log: connections that no protocol gets to see, and what goes wrong below the protocols.</summary>
internal static partial class TransportLog
{
    [LoggerMessage(100, LogLevel.Information, "{Listener}: connection from {Peer} closed: {Reason} ({Unsaid} such lines left out before)")]
    public static partial void ConnectionRefused(this ILogger logger, string listener, EndPoint? peer, string reason, int unsaid);

    [LoggerMessage(101, LogLevel.Debug, "{Listener}: connection from {Peer} ended before it said what it speaks; it sent {FirstBytes}")]
    public static partial void ConnectionSilent(this ILogger logger, string listener, EndPoint? peer, string firstBytes);

    [LoggerMessage(102, LogLevel.Information, "{Listener}: WebSocket connection from {Peer} closed: {Reason}")]
    public static partial void WebSocketRefused(this ILogger logger, string listener, EndPoint? peer, string reason);

    [LoggerMessage(104, LogLevel.Debug, "{Listener}: WebSocket connection from {Peer} failed: {Error}")]
    public static partial void WebSocketFailed(this ILogger logger, string listener, EndPoint? peer, string error);

    [LoggerMessage(105, LogLevel.Warning, "{Listener}: a connection cannot be accepted: {Error}")]
    public static partial void AcceptFailed(this ILogger logger, string listener, string error);

    [LoggerMessage(106, LogLevel.Error, "Internal error in an event loop: {Error}")]
    public static partial void LoopDefect(this ILogger logger, string error);

    [LoggerMessage(103, LogLevel.Warning, "{Listener}: the certificate {CertificateFile} is only valid from {NotBefore:u} to {NotAfter:u}")]
    public static partial void CertificateNotValidNow(
        this ILogger logger, string listener, string? certificateFile, DateTime notBefore, DateTime notAfter);
}
