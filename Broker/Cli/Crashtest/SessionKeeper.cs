using Broker.Cli.Bench;
using Broker.Cli.Crashtest.Sessions;

namespace Broker.Cli.Crashtest;

/// <summary>Keeps a session connected for as long as a phase lasts, or lets it come and go.</summary>
internal sealed class SessionKeeper(ClientSession session, Waiting waiting)
{
    private const int RetryMilliseconds = 10;
    private const int LongestStayMilliseconds = 300;
    private const int LongestAbsenceMilliseconds = 300;

    private static readonly LoadDialer Dialer = new("127.0.0.1", null);

    /// <summary>Stays connected.</summary>
    public async Task StayAsync(int port, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            if (await ConnectAsync(port, over) is { } connection)
            {
                await EitherAsync(connection.Ended, over);
            }

            session.Leave(politely: false);
            await waiting.PauseAsync(RetryMilliseconds, over);
        }
    }

    /// <summary>Comes and goes, with and without DISCONNECT, and subscribes to one filter more while it is there.</summary>
    public async Task ComeAndGoAsync(int port, Random random, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            if (await ConnectAsync(port, over) is { } connection)
            {
                await waiting.PauseAsync(random.Next(LongestStayMilliseconds), over);
                lock (session.Flow.Gate)
                {
                    (session as SubscribingSession)?.SubscribeAnother();
                }

                connection.Flush();
                await waiting.PauseAsync(random.Next(LongestStayMilliseconds), over);
            }

            session.Leave(politely: random.Next(2) == 0 && !over.IsCancellationRequested);
            await waiting.PauseAsync(random.Next(LongestAbsenceMilliseconds), over);
        }
    }

    private async Task<SessionConnection?> ConnectAsync(int port, CancellationToken over)
    {
        try
        {
            return await session.ConnectAsync(await Dialer.DialAsync(port, over), over);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            return null;
        }
    }

    private static async Task EitherAsync(Task ended, CancellationToken over)
    {
        try
        {
            await ended.WaitAsync(over);
        }
        catch (OperationCanceledException)
        {
        }
    }
}
