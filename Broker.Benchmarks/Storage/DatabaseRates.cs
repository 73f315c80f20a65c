using System.Diagnostics;
using System.Text;
using Broker.Core.Timing;
using Broker.Core.Topics;
using Broker.Primitives;
using Broker.Storage.Database;
using Broker.Storage.Journal;

namespace Broker.Benchmarks.Storage;

/// <summary>`database DIRECTORY`: how fast changes move to the database and how fast it loads.</summary>
internal sealed class DatabaseRates(string path)
{
    private const int Rows = 1_000_000;
    private const int TransactionRows = 5000;

    private readonly byte[] _payload = new byte[200];
    private StoreDatabase _database = StoreDatabase.Open(path);

    private MessageData Message => new()
    {
        Topic = "fleet/device/000123/telemetry"u8,
        Payload = _payload,
        Publisher = "device-000123"u8,
        Qos = Qos.AtLeastOnce,
        ExpiresAt = Primitives.Message.NeverExpires,
    };

    private static TermsData Terms => new() { Qos = Qos.AtLeastOnce };

    public static void Run(string directory)
    {
        var path = Path.Combine(directory, "rates.db");
        foreach (var file in (ReadOnlySpan<string>)[path, path + "-wal", path + "-shm"])
        {
            File.Delete(file);
        }

        DatabaseRates rates = new(path);
        rates.Apply();
        rates.Load();
        rates._database.Dispose();
        File.Delete(path);
    }

    private void Apply()
    {
        Change("queued, one session", Rows, i => _database.Queued(1, i + 1, 0, Message, Terms));
        Change("removed, one session", Rows, i => _database.Removed(1, i + 1));
        Change("queued, 1,000 sessions, 5 in a row", Rows, i => _database.Queued(2 + (i / 5 % 1000), i, 0, Message, Terms));
        Change("shared by 100 sessions", Rows, i =>
        {
            if (i % 100 == 0)
            {
                _database.SharedMessage(1 + (i / 100), Message);
            }

            _database.Queued(2000 + (i % 100), i, 1 + (i / 100), default, Terms);
        });
        Change("ended, 1,000 rows each", 1000, i => _database.SessionEnded(2 + i), rowsOfEach: 1000);
        _database.Begin();
        _database.Clear();
        _database.Commit(0, 0);
    }

    private void Load()
    {
        const int sessions = 100_000;
        const int subscriptions = 10;
        Change("sessions with 10 subscriptions", sessions, i => AddSession(i + 1, subscriptions));
        Change("queued, 100,000 sessions", Rows, i => _database.Queued(1 + (i / 10), i, 0, Message, Terms));
        Change("retained", Rows, i => _database.Retained(new MessageData
        {
            Topic = Encoding.UTF8.GetBytes($"fleet/{i % 1000}/{i}/state"),
            Payload = _payload,
            Qos = Qos.AtLeastOnce,
            ExpiresAt = Primitives.Message.NeverExpires,
        }));
        _database.Dispose();
        BrokerClock clock = new(TimeProvider.System);
        Measure("open", 1, () => _database = StoreDatabase.Open(path));
        Measure("load sessions", sessions, () => _ = _database.LoadSessions(clock).Count());
        Measure("load retained", Rows, () => _ = _database.LoadRetained(clock).Count());
        Measure("check pages", 1, _database.CheckPages);
    }

    private void AddSession(int session, int subscriptions)
    {
        _database.SessionAttached(session, new SessionData
        {
            ClientId = Encoding.UTF8.GetBytes($"device-{session}"),
            Listener = "plain"u8,
            Protocol = ClientProtocol.Mqtt5,
            ExpirySeconds = 3600,
        });
        for (var i = 0; i < subscriptions; i++)
        {
            _database.Subscribed(session, Encoding.UTF8.GetBytes($"fleet/{session}/{i}/+"), new SubscriptionOptions(Qos.AtLeastOnce), 0);
        }
    }

    private void Change(string name, int count, Action<int> change, int rowsOfEach = 1)
    {
        double worst = 0;
        Measure(name, (long)count * rowsOfEach, () =>
        {
            for (var i = 0; i < count;)
            {
                _database.Begin();
                for (var end = Math.Min(i + (TransactionRows / rowsOfEach), count); i < end; i++)
                {
                    change(i);
                }

                var began = Stopwatch.GetTimestamp();
                _database.Commit(1, 1);
                worst = Math.Max(worst, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        });
        Console.WriteLine($"{"",-36} longest commit {worst:F0} ms");
    }

    private static void Measure(string name, long count, Action work)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var began = Stopwatch.GetTimestamp();
        work();
        var elapsed = Stopwatch.GetElapsedTime(began);
        var used = Environment.CpuUsage.TotalTime - cpu;
        Console.WriteLine(
            $"{name,-36} {elapsed.TotalMilliseconds,7:F0} ms {count / elapsed.TotalSeconds,10:F0}/s {used.TotalMicroseconds / count,8:F2} us CPU each, all threads");
    }
}
