using Broker.Configuration;
using Broker.Core.Timing;
using Broker.Observability;
using Broker.Storage.Journal;

namespace Broker.Storage;

internal sealed partial class DurableStore
{
    /// <summary>Takes hold of the directory, moves what the last process left in the journal to the database, and begins to write.</summary>
    /// <exception cref="StoreException">The store cannot be opened; the message says why and what to do.</exception>
    public void Open(BrokerClock clock)
    {
        _clock = clock;
        try
        {
            _directory = DataDirectory.Hold(_options.DataDirectory);
            _path = _directory.Path;
            _database = _openDatabase(_directory.DatabasePath);
            OpenJournal(_openJournal(_directory.JournalPath));
        }
        catch (Exception exception)
        {
            CloseFiles();
            if (DiskFault.Is(exception))
            {
                throw new StoreException(
                    $"The store in {Path.GetFullPath(_options.DataDirectory)} cannot be opened: {exception.Message}{DataDirectory.FreeSpaceNote(_options.DataDirectory)}",
                    exception);
            }

            throw;
        }

        _lastSessionKey = _database.HighestSessionKey;
        _lastSharedKey = _database.HighestSharedKey;
        _firstSharedKeyOfFrame = _lastSharedKey + 1;
        MeasureDatabase();
        Start();
    }

    private void OpenJournal(IJournalFiles files)
    {
        var recovery = new JournalRecovery(files, _database, _limits.BatchBytes, stopAtDamage: _options.OnCorruption == CorruptionPolicy.Fail);
        recovery.Run();
        if (recovery.TornTail)
        {
            _logger.TornCommit();
        }

        if (recovery.Damage.Count > 0)
        {
            Salvage(files, recovery);
        }
        else
        {
            Delete(files, recovery.Segments);
        }

        _lastFrame = recovery.LastFrame;
        _journal = new JournalWriter(files, _limits.SegmentBytes, recovery.LastSegment);
        _movedTo = new JournalCursor(_journal.Current, SegmentHeader.Length, 0);
        _applied = _movedTo;
        _metrics.JournalBytes = _journal.Bytes;
        _logger.StoreOpened(_path, recovery.FramesMoved, recovery.BytesMoved);
    }

    private void Salvage(IJournalFiles files, JournalRecovery recovery)
    {
        if (_options.OnCorruption == CorruptionPolicy.Fail)
        {
            throw new StoreException(
                $"The journal in {_directory!.JournalPath} is damaged: {recovery.Damage[0]}. "
                + "Start with --on-corruption salvage to take over what is readable and keep the damaged files aside.");
        }

        foreach (var damage in recovery.Damage)
        {
            _logger.JournalDamaged(damage.ToString());
        }

        var aside = DataDirectory.DamagedPath(_path, _clock.Time.GetUtcNow());
        foreach (var name in recovery.Segments)
        {
            files.SetAside(name, aside);
        }

        files.Sync();
        _logger.JournalSalvaged(recovery.FramesMoved, aside);
    }

    // All that was in them is in the database.
    private static void Delete(IJournalFiles files, IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            files.Delete(name);
        }

        files.Sync();
    }

    private void Start()
    {
        _writer = StartThread(Write, "store-writer");
        _mover = StartThread(Move, "store-mover");
        var interval = TimeSpan.FromMilliseconds(_options.FlushIntervalMilliseconds);
        _flushTimer = _clock.Time.CreateTimer(static store => ((DurableStore)store!).Flush(), this, interval, interval);
        _beatTimer = _clock.Time.CreateTimer(static store => ((DurableStore)store!).Beat(), this, _limits.Beat, _limits.Beat);
        PrepareSegment();
    }

    private static Thread StartThread(ThreadStart run, string name)
    {
        var thread = new Thread(run) { IsBackground = true, Name = name };
        thread.Start();
        return thread;
    }
}
