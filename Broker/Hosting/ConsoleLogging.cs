namespace Broker.Hosting;

/// <summary>The log on the console: one line per entry, UTC, the framework's own chatter left out.</summary>
internal static class ConsoleLogging
{
    public static void Add(ILoggingBuilder logging) => logging
        .AddFilter("Microsoft", LogLevel.Warning)
        .AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
}
