using System.Net;
using Broker.Primitives;
using Microsoft.Extensions.Logging;

namespace Broker.Observability;

/// <summary>Log lines about one client's connection, whatever it speaks.</summary>
internal static partial class ConnectionLog
{
    [LoggerMessage(EventId = 100, Level = LogLevel.Debug, Message = "{ClientId} connected from {Peer} on listener {Listener} ({Protocol}, user {Username})")]
    public static partial void Connected(this ILogger logger, string clientId, EndPoint? peer, string listener, ClientProtocol protocol, string? username);

    [LoggerMessage(EventId = 101, Level = LogLevel.Debug, Message = "{ClientId} disconnected: {Reason} {Detail}")]
    public static partial void Disconnected(this ILogger logger, string clientId, CloseReason reason, string? detail);

    [LoggerMessage(EventId = 102, Level = LogLevel.Information, Message = "{ClientId} at {Peer} on listener {Listener} is closed: {Reason}: {Detail}")]
    public static partial void Faulted(this ILogger logger, string clientId, EndPoint? peer, string listener, CloseReason reason, string? detail);

    [LoggerMessage(EventId = 103, Level = LogLevel.Information, Message = "{ClientId} at {Peer} on listener {Listener} is refused: {Reason}")]
    public static partial void Refused(this ILogger logger, string clientId, EndPoint? peer, string listener, string reason);

    [LoggerMessage(EventId = 104, Level = LogLevel.Error, Message = "{ClientId} at {Peer} on listener {Listener}: internal error, the connection is closed: {Detail}")]
    public static partial void InternalError(this ILogger logger, string clientId, EndPoint? peer, string listener, string? detail);

    [LoggerMessage(EventId = 105, Level = LogLevel.Debug, Message = "{ClientId} (user {Username}) may not {Action} {Topic}")]
    public static partial void Denied(this ILogger logger, string clientId, string? username, string action, string topic);
}
