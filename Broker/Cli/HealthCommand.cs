using System.CommandLine;
using System.Net.Http;

namespace Broker.Cli;

/// <summary>`broker health`: asks a running broker whether it is alive, for container health checks without another program.</summary>
internal static class HealthCommand
{
    private const int AdminPort = 18083;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        Option<Uri> url = new("--url")
        {
            Description = $"Address to ask. Default: /health/live on 127.0.0.1, port EXT_PORT of the environment, else {AdminPort}.",
            DefaultValueFactory = _ => DefaultUrl(Environment.GetEnvironmentVariable("EXT_PORT")),
        };
        Command command = new("health", "Ask a running broker whether it is alive; the exit status is 0 if it is, else 1.") { url };
        command.SetAction((result, cancellation) => AskAsync(result.GetRequiredValue(url), Console.Out, cancellation));
        return command;
    }

    internal static Uri DefaultUrl(string? extPort) =>
        new($"http://127.0.0.1:{(string.IsNullOrWhiteSpace(extPort) ? AdminPort.ToString() : extPort.Trim())}/health/live");

    internal static async Task<int> AskAsync(Uri url, TextWriter output, CancellationToken cancellation)
    {
        using HttpClient client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout };
        try
        {
            using HttpResponseMessage response = await client.GetAsync(url, cancellation).ConfigureAwait(false);
            await output.WriteLineAsync($"{url}: {(int)response.StatusCode} {response.ReasonPhrase}").ConfigureAwait(false);
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException or NotSupportedException)
        {
            await output.WriteLineAsync($"{url}: {fault.Message}").ConfigureAwait(false);
            return 1;
        }
    }
}
