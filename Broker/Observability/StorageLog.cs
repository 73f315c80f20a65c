using Microsoft.Extensions.Logging;

namespace Broker.Observability;

/// <summary>What the durable store has to say.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(EventId = 500, Level = LogLevel.Information, Message = "Storage: {Directory} opened; {Frames} commits ({Bytes} bytes) of the last run moved to the database")]
    public static partial void StoreOpened(this ILogger logger, string directory, long frames, long bytes);

    [LoggerMessage(EventId = 501, Level = LogLevel.Information,
        Message = "Storage: the last commit was torn when the last process ended; nothing in it had been acknowledged")]
    public static partial void TornCommit(this ILogger logger);

    [LoggerMessage(EventId = 502, Level = LogLevel.Warning, Message = "Storage: damaged: {Damage}")]
    public static partial void JournalDamaged(this ILogger logger, string damage);

    [LoggerMessage(EventId = 503, Level = LogLevel.Warning,
        Message = "Storage: what is readable was taken over ({Frames} commits); the journal as it was found is in {Directory}")]
    public static partial void JournalSalvaged(this ILogger logger, long frames, string directory);

    [LoggerMessage(EventId = 507, Level = LogLevel.Warning,
        Message = "Storage: the database was damaged ({Problem}); {Report}; the damaged files are in {Directory}")]
    public static partial void DatabaseSalvaged(this ILogger logger, string problem, string report, string directory);

    [LoggerMessage(EventId = 508, Level = LogLevel.Information,
        Message = "Storage: loading, {Retained} retained messages and {Sessions} sessions so far")]
    public static partial void StoreLoading(this ILogger logger, int retained, int sessions);

    [LoggerMessage(EventId = 509, Level = LogLevel.Information,
        Message = "Storage: {Retained} retained messages and {Sessions} sessions with {Subscriptions} subscriptions and {Queued} queued messages loaded in {Milliseconds} ms")]
    public static partial void StoreLoaded(this ILogger logger, int retained, int sessions, int subscriptions, long queued, long milliseconds);

    [LoggerMessage(EventId = 504, Level = LogLevel.Error,
        Message = "Storage: {Directory} cannot be written; messages that need the disk are refused until it works again: {Problem}")]
    public static partial void StoreFailed(this ILogger logger, string directory, string problem);

    [LoggerMessage(EventId = 505, Level = LogLevel.Information, Message = "Storage: {Directory} works again")]
    public static partial void StoreWorksAgain(this ILogger logger, string directory);

    [LoggerMessage(EventId = 510, Level = LogLevel.Error,
        Message = "Storage: {Directory} holds {Bytes} bytes, and Storage:MaximumBytes is {Maximum}; messages that need the disk are refused until there is room")]
    public static partial void StoreFull(this ILogger logger, string directory, long bytes, long maximum);

    [LoggerMessage(EventId = 511, Level = LogLevel.Information, Message = "Storage: {Directory} has room again, it holds {Bytes} bytes")]
    public static partial void StoreHasRoom(this ILogger logger, string directory, long bytes);

    [LoggerMessage(EventId = 506, Level = LogLevel.Error, Message = "Storage: the broker ends although {Bytes} bytes could not be written to {Directory}")]
    public static partial void StoreClosedUnwritten(this ILogger logger, long bytes, string directory);

    [LoggerMessage(EventId = 512, Level = LogLevel.Warning, Message = "What clients have used of their budgets cannot be written down, and is forgotten when the broker ends before it can: {Reason}")]
    public static partial void BudgetsNotSaved(this ILogger logger, string reason);
}
