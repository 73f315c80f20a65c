using System.Net;
using Broker.Primitives;
using Microsoft.Extensions.Logging;

namespace Broker.Observability;

/// <summary>What access rules and authenticators have to say.</summary>
internal static partial class SecurityLog
{
    [LoggerMessage(EventId = 400, Level = LogLevel.Information,
        Message = "{ClientId} (user {Username}) may not {Action} {Topic}: {Rule} ({Unsaid} such lines left out before)")]
    public static partial void DeniedByRule(
        this ILogger logger, string clientId, string? username, string action, string topic, string rule, int unsaid);

    [LoggerMessage(EventId = 401, Level = LogLevel.Information,
        Message = "Shadow rule: {ClientId} (user {Username}) that wants to {Action} {Topic} would be {Verdict}: {Rule} ({Unsaid} such lines left out before)")]
    public static partial void ShadowRule(
        this ILogger logger, string clientId, string? username, string action, string topic, string verdict, string rule, int unsaid);

    [LoggerMessage(EventId = 404, Level = LogLevel.Information, Message = "{ClientId} (user {Username}) at {Peer} is banned for {Seconds} s: {Reason}")]
    public static partial void FlappingBanned(this ILogger logger, string clientId, string? username, EndPoint? peer, string reason, int seconds);

    [LoggerMessage(EventId = 405, Level = LogLevel.Information, Message = "Operator at {Peer}: {Action} of {Kind} {Value} until {Until}: {Reason}")]
    public static partial void BanChanged(
        this ILogger logger, IPAddress? peer, string action, string kind, string value, DateTimeOffset? until, string? reason);

    [LoggerMessage(EventId = 409, Level = LogLevel.Information,
        Message = "{Method} {Path} of the operators' HTTP refused to {Peer}: not the token ({Unsaid} such lines left out before)")]
    public static partial void OperatorRefused(this ILogger logger, IPAddress? peer, string method, string? path, int unsaid);

    [LoggerMessage(EventId = 402, Level = LogLevel.Error, Message = "The keys at {Url} cannot be fetched; those that are known stay in use: {Problem}")]
    public static partial void JwksUnavailable(this ILogger logger, Uri url, string problem);

    [LoggerMessage(EventId = 403, Level = LogLevel.Error,
        Message = "The authentication service {Url} fails and is not asked for {Seconds} s; clients are told to come back: {Problem}")]
    public static partial void AuthenticationServiceFails(this ILogger logger, string url, string problem, int seconds);

    [LoggerMessage(EventId = 406, Level = LogLevel.Information,
        Message = "{ClientId} (user {Username}) at {Peer} may not have this ClientId: its session belongs to user {Owner}")]
    public static partial void SessionOfAnotherUser(this ILogger logger, string clientId, string? username, EndPoint? peer, string? owner);

    [LoggerMessage(EventId = 407, Level = LogLevel.Information,
        Message = "{ClientId} (user {Username}) at {Peer} takes this ClientId from user {Owner}, whose session ends")]
    public static partial void SessionTakenFromUser(this ILogger logger, string clientId, string? username, EndPoint? peer, string? owner);

    [LoggerMessage(EventId = 408, Level = LogLevel.Information,
        Message = "{ClientId} (user {Username}) loses its subscription {Filter}: the access rules do not allow it any more")]
    public static partial void SubscriptionDropped(this ILogger logger, string clientId, string? username, TopicFilter filter);
}
