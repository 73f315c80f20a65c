using Microsoft.Extensions.Logging;

namespace Broker.Observability;

/// <summary>What the broker says about itself when it starts and stops.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(1, LogLevel.Information, "Listening: {Name} ({Protocol}, {Security}) on {Addresses}")]
    public static partial void Listening(this ILogger logger, string name, string protocol, string security, string addresses);

    [LoggerMessage(2, LogLevel.Warning,
        "No authentication is configured, so every listener is reachable from this host only. To open them, set "
        + "Broker:Authentication:PasswordFile, or Broker:Authentication:AllowAnonymous to true to let everybody in")]
    public static partial void LoopbackOnly(this ILogger logger);

    [LoggerMessage(3, LogLevel.Information, "EXT_PORT is set, so port {Port} is the only one that clients get; not opened: {Names}")]
    public static partial void OnlyExtPort(this ILogger logger, int port, string names);

    [LoggerMessage(4, LogLevel.Information, "Stopping: no new connections, {Connections} open ones are being closed")]
    public static partial void Stopping(this ILogger logger, int connections);

    [LoggerMessage(5, LogLevel.Information, "Stopped")]
    public static partial void Stopped(this ILogger logger);

    [LoggerMessage(6, LogLevel.Warning, "{Name}: ReuseAddress is false, but SO_REUSEADDR is always on here; a port in use is refused all the same")]
    public static partial void ReuseAddressAlwaysOn(this ILogger logger, string name);

    [LoggerMessage(7, LogLevel.Information, "Read again: {Name}")]
    public static partial void Reloaded(this ILogger logger, string name);

    [LoggerMessage(8, LogLevel.Error, "{Name} has changed but cannot be used, so what was read before stays in force: {Problem}")]
    public static partial void ReloadFailed(this ILogger logger, string name, string problem);

    [LoggerMessage(9, LogLevel.Warning, "{Warning}")]
    public static partial void ConfigurationWarning(this ILogger logger, string warning);
}
