using Broker.Configuration;
using Broker.Core.Ports;
using Broker.Core.Timing;
using Broker.Observability;
using Broker.Storage.Database;
using Broker.Storage.Journal;
using Microsoft.Extensions.Logging;

namespace Broker.Storage;

/// <summary>
/// Stores in the data directory. What Core records is encoded into a buffer; the writer thread puts that into the journal, one frame, write and
/// sync for everything recorded meanwhile; the mover thread takes committed frames over to the database, less what has cancelled out.
/// </summary>
internal sealed partial class DurableStore : IStore, IDisposable
{
    private readonly StorageOptions _options;
    private readonly Func<string, IStoreDatabase> _openDatabase;
    private readonly Func<string, IJournalFiles> _openJournal;
    private readonly StoreLimits _limits;
    private readonly StorageMetrics _metrics;
    private readonly ILogger<DurableStore> _logger;

    private BrokerClock _clock = null!;
    private DataDirectory? _directory;
    private string _path = "";
    private IStoreDatabase _database = null!;
    private JournalWriter _journal = null!;
    private Thread? _writer;
    private Thread? _mover;
    private ITimer? _flushTimer;
    private ITimer? _beatTimer;

    /// <summary>A store in the directory that the options name. Nothing is touched before <see cref="Open"/>.</summary>
    /// <param name="options">Directory, flush interval, what to do about damage.</param>
    /// <param name="openDatabase">Opens the database at a path.</param>
    /// <param name="metrics">Where commits are counted.</param>
    /// <param name="logger">Where faults are told.</param>
    public DurableStore(StorageOptions options, Func<string, IStoreDatabase> openDatabase, BrokerMetrics metrics, ILogger<DurableStore> logger)
        : this(options, openDatabase, static path => new DiskJournalFiles(path), new StoreLimits(), metrics, logger)
    {
    }

    /// <summary>A store with another disk under it.</summary>
    internal DurableStore(
        StorageOptions options,
        Func<string, IStoreDatabase> openDatabase,
        Func<string, IJournalFiles> openJournal,
        StoreLimits limits,
        BrokerMetrics metrics,
        ILogger<DurableStore> logger)
    {
        _options = options;
        _openDatabase = openDatabase;
        _openJournal = openJournal;
        _limits = limits;
        _metrics = metrics.Storage;
        _logger = logger;
    }

    /// <inheritdoc />
    public bool IsDurable => true;

    /// <inheritdoc />
    public bool IsAvailable => Volatile.Read(ref _faults) == 0 && !Volatile.Read(ref _isFull);

    /// <inheritdoc />
    public long Committed => Volatile.Read(ref _committed);

    /// <inheritdoc />
    public long NewSessionKey() => Interlocked.Increment(ref _lastSessionKey);

    /// <summary>Commits and moves everything that is recorded, and lets go of the directory.</summary>
    public void Dispose()
    {
        if (_directory is null)
        {
            return;
        }

        _flushTimer?.Dispose();
        _beatTimer?.Dispose();
        StopWriter();
        StopMover();
        CloseFiles();
    }

    private void CloseFiles()
    {
        _journal?.Dispose();
        _database?.Dispose();
        _directory?.Dispose();
        _directory = null;
    }
}
