using Broker.Core.Ports;

namespace Broker.Tests.Infrastructure;

/// <summary>Records that outlive what wrote them, and a disk that can be full.</summary>
internal sealed class MemoryRecordFile<T> : IRecordFile<T>
{
    public IReadOnlyList<T> Records { get; set; } = [];

    public bool IsFull { get; set; }

    public int Saves { get; private set; }

    public IReadOnlyList<T> Load() => Records;

    public void Save(IEnumerable<T> records)
    {
        if (IsFull)
        {
            throw new IOException("No space left on device");
        }

        Records = [.. records];
        Saves++;
    }
}
