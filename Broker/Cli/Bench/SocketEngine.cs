namespace Broker.Cli.Bench;

/// <summary>
/// Settings of .NET's socket engine, which reads them at the process's first socket: what a socket brings is handled on the thread that
/// waits for it, without a hop to the thread pool, as all handlers here are short and none blocks.
/// </summary>
internal static class SocketEngine
{
    public static void Configure(int threads)
    {
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
        Environment.SetEnvironmentVariable(
            "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", threads.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }
}
