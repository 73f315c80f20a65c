using Broker.Observability;

namespace Broker.Storage;

/// <summary>The limit on what the store holds on disk: above it, what would add to it is refused, and what takes away goes on.</summary>
internal sealed partial class DurableStore
{
    private const double RoomAgain = 0.95;

    private long _databaseBytes;
    private bool _isFull;

    // Before the threads begin, and then the mover's thread, which is the only one that may ask the database.
    private void MeasureDatabase()
    {
        Volatile.Write(ref _databaseBytes, _database.BytesInUse);
        CheckSize();
    }

    // The thread of the mover, or that of the writer.
    private void CheckSize()
    {
        var used = Volatile.Read(ref _databaseBytes) + (Committed - Volatile.Read(ref _moved));
        _metrics.BytesInUse = used;
        if (_options.MaximumBytes == 0)
        {
            return;
        }

        lock (_faultGate)
        {
            if (!_isFull && used > _options.MaximumBytes)
            {
                Volatile.Write(ref _isFull, true);
                _logger.StoreFull(_path, used, _options.MaximumBytes);
            }
            else if (_isFull && used < _options.MaximumBytes * RoomAgain)
            {
                Volatile.Write(ref _isFull, false);
                _logger.StoreHasRoom(_path, used);
            }

            _metrics.IsAvailable = IsAvailable;
        }
    }
}
