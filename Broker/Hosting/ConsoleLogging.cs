using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Broker.Hosting;

/// <summary>The log on the console: one line per entry, UTC, the framework's own chatter left out.</summary>
internal static class ConsoleLogging
{
    /// <summary>Adds the console with default levels.</summary>
    public static void Add(ILoggingBuilder logging) => logging
        .AddFilter("Microsoft", LogLevel.Warning)
        .AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });

    /// <summary>Adds the console with the levels of the section `Logging`.</summary>
    public static void Add(ILoggingBuilder logging, IConfiguration section)
    {
        Add(logging);
        logging.AddConfiguration(section);
    }
}
