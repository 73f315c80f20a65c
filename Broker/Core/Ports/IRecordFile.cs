namespace Broker.Core.Ports;

/// <summary>A few records that outlive the process, kept and replaced together.</summary>
internal interface IRecordFile<T>
{
    /// <summary>What was kept last; nothing when nothing was.</summary>
    IReadOnlyList<T> Load();

    /// <summary>Replaces what is kept. After a crash all of the old or all of the new is there.</summary>
    /// <exception cref="IOException">It cannot be written; the old records stay.</exception>
    void Save(IEnumerable<T> records);
}
