using System.Net;
using Microsoft.Extensions.Logging;

namespace Broker.Observability;

/// <summary>Who has come upon which limit.</summary>
internal static partial class LimitLog
{
    [LoggerMessage(EventId = 450, Level = LogLevel.Information,
        Message = "{ClientId} (user {Username}) at {Peer} on listener {Listener} has reached the limit {Limit}: {Consequence} ({Unsaid} such lines left out before)")]
    public static partial void LimitReached(
        this ILogger logger, string clientId, string? username, EndPoint? peer, string listener, LimitName limit, string consequence, int unsaid);

    [LoggerMessage(EventId = 451, Level = LogLevel.Warning,
        Message = "The process uses {Used} bytes, more than the limit of {Limit}: no new connections, and queues, subscriptions and retained messages do not grow")]
    public static partial void MemoryShort(this ILogger logger, long used, long limit);

    [LoggerMessage(EventId = 452, Level = LogLevel.Information, Message = "The process uses {Used} bytes again, below the limit of {Limit}: connections are accepted")]
    public static partial void MemoryEnough(this ILogger logger, long used, long limit);
}
