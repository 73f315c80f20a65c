using Broker.Storage.Journal;
using NUnit.Framework;

namespace Broker.Tests.Storage;

/// <summary>A journal's directory in memory: counts syncs, holds them back, and fails as told.</summary>
internal sealed class MemoryJournalFiles : IJournalFiles
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, MemoryJournalFile> _files = new(StringComparer.Ordinal);
    private int _syncs;

    /// <summary>Syncs of files.</summary>
    public int Syncs => Volatile.Read(ref _syncs);

    /// <summary>Syncs wait until this is set.</summary>
    public ManualResetEventSlim SyncsMayEnd { get; } = new(initialState: true);

    /// <summary>Released by each sync that begins.</summary>
    public SemaphoreSlim SyncsBegun { get; } = new(0);

    /// <summary>Released by each file that gets the name under which it is used.</summary>
    public SemaphoreSlim Renamed { get; } = new(0);

    public Func<Exception?>? FailCreate { get; set; }

    public Func<Exception?>? FailWrite { get; set; }

    public Func<Exception?>? FailSync { get; set; }

    public MemoryJournalFile this[string name] => _files[name];

    /// <summary>The files that were set aside.</summary>
    public List<string> Aside { get; } = [];

    public IReadOnlyList<string> Names()
    {
        lock (_lock)
        {
            return [.. _files.Keys];
        }
    }

    public IJournalFile Create(string name, long length)
    {
        if (FailCreate?.Invoke() is { } fault)
        {
            throw fault;
        }
        lock (_lock)
        {
            return _files[name] = new MemoryJournalFile(this, new byte[length]);
        }
    }

    public IJournalFile Open(string name) => this[name];

    public void Rename(string name, string newName)
    {
        lock (_lock)
        {
            _files.Remove(name, out MemoryJournalFile? file);
            _files[newName] = file!;
        }
        if (!newName.EndsWith(".tmp", StringComparison.Ordinal))
        {
            Renamed.Release();
        }
    }

    public void Delete(string name)
    {
        lock (_lock)
        {
            Assert.That(_files.Remove(name), Is.True, $"{name} is not there");
        }
    }

    public string SetAside(string name, string folder)
    {
        Delete(name);
        Aside.Add(Path.Combine(folder, name));
        return Aside[^1];
    }

    public void Sync()
    {
    }

    public void CutPower()
    {
        foreach (MemoryJournalFile file in _files.Values)
        {
            file.CutPower();
        }
    }

    public void OnSync()
    {
        SyncsBegun.Release();
        Assert.That(SyncsMayEnd.Wait(TimeSpan.FromSeconds(30)), Is.True, "the sync was held back for too long");
        Interlocked.Increment(ref _syncs);
    }
}
