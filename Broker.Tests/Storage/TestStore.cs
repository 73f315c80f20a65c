using System.Text;
using Broker.Configuration;
using Broker.Core.Ports;
using Broker.Core.Sessions;
using Broker.Core.Timing;
using Broker.Observability;
using Broker.Primitives;
using Broker.Storage;
using Broker.Tests.Configuration;
using Broker.Tests.Infrastructure;
using Microsoft.Extensions.Logging;

namespace Broker.Tests.Storage;

/// <summary>A durable store on a disk and a database in memory, with a clock that stands still.</summary>
internal sealed class TestStore : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly LogLines _log = new();
    private readonly ILoggerFactory _loggers;

    public TestStore()
    {
        _loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));
        Options = new StorageOptions { DataDirectory = _directory.Path };
    }

    public StorageOptions Options { get; }

    public StoreLimits Limits { get; init; } = new() { SegmentBytes = 64 * 1024 };

    public MemoryJournalFiles Files { get; init; } = new();

    public MemoryDatabase Database { get; set; } = new();

    public ManualTimeProvider Time { get; } = new();

    public BrokerMetrics Metrics { get; } = new();

    public DurableStore Store { get; private set; } = null!;

    public string Log => _log.ToString();

    public TestStore Open()
    {
        Store = new DurableStore(Options, _ => Database, _ => Files, Limits, Metrics, _loggers.CreateLogger<DurableStore>());
        Store.Open(new BrokerClock(Time));
        return this;
    }

    /// <summary>Commits and moves everything: the database then has it.</summary>
    public void Close() => Store.Dispose();

    public long Queue(long session, long sequence, string topic = "t", bool shared = false) =>
        Store.Queued(session, sequence, Message(topic), new StoredTerms(Qos.AtLeastOnce, false, []), shared);

    public async Task CommitAsync(long position)
    {
        Waiter waiter = new();
        Store.Notify(waiter, position);
        await waiter.CommittedAsync();
    }

    public async Task<IReadOnlyList<StoredMessage>> ReadQueueAsync(long session, long after = 0, int count = 100)
    {
        TaskCompletionSource<IReadOnlyList<StoredMessage>> read = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Store.ReadQueue(session, after, count, read.SetResult);
        return await read.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>The first segment and the one after it are made.</summary>
    public async Task PreparedAsync()
    {
        for (int segment = 0; segment < 2; segment++)
        {
            if (!await Files.Renamed.WaitAsync(TimeSpan.FromSeconds(30)))
            {
                throw new TimeoutException("No segment was made.");
            }
        }
    }

    public static Message Message(string topic, int payloadBytes = 3) => new()
    {
        Topic = Encoding.UTF8.GetBytes(topic),
        Payload = Encoding.ASCII.GetBytes(new string('p', payloadBytes)),
        Qos = Qos.AtLeastOnce,
        Publisher = "publisher",
    };

    public void Dispose()
    {
        Files.SyncsMayEnd.Set();
        Store?.Dispose();
        _loggers.Dispose();
        _log.Dispose();
        _directory.Dispose();
    }
}
