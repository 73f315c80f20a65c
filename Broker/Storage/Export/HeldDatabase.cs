using Broker.Storage.Database;
using Broker.Storage.Journal;

namespace Broker.Storage.Export;

/// <summary>The database of a data directory, with the directory held so that no broker uses it meanwhile.</summary>
/// <param name="directory">What holds the directory.</param>
/// <param name="database">Its database.</param>
internal sealed class HeldDatabase(DataDirectory directory, StoreDatabase database) : IDisposable
{
    /// <summary>The database, with everything in it that the directory holds.</summary>
    public StoreDatabase Database { get; } = database;

    /// <summary>Takes hold of a directory and opens its database.</summary>
    /// <param name="directory">The data directory.</param>
    /// <param name="create">Makes it when it is not there.</param>
    /// <exception cref="IOException">The database cannot be opened.</exception>
    /// <exception cref="StoreException">A broker uses the directory, or its journal is damaged.</exception>
    public static HeldDatabase Open(string directory, bool create)
    {
        if (!create && !Directory.Exists(directory))
        {
            throw new DirectoryNotFoundException($"there is no data directory {directory}");
        }

        var held = DataDirectory.Hold(directory);
        StoreDatabase? database = null;
        try
        {
            database = StoreDatabase.Open(held.DatabasePath);
            MoveJournal(held, database);
            return new HeldDatabase(held, database);
        }
        catch
        {
            database?.Dispose();
            held.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Database.Dispose();
        directory.Dispose();
    }

    // The frames stay in the journal; the next broker knows that they were moved.
    private static void MoveJournal(DataDirectory directory, StoreDatabase database)
    {
        var recovery = new JournalRecovery(new DiskJournalFiles(directory.JournalPath), database, new StoreLimits().BatchBytes, stopAtDamage: true);
        recovery.Run();
        if (recovery.Damage.Count > 0)
        {
            throw new StoreException(
                $"The journal in {directory.JournalPath} is damaged: {recovery.Damage[0]}. Start the broker with --on-corruption salvage first.");
        }
    }
}
