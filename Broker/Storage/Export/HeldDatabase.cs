using Broker.Storage.Database;

namespace Broker.Storage.Export;

/// <summary>The database of a data directory, with the directory held so that no broker uses it meanwhile.</summary>
/// <param name="directory">What holds the directory.</param>
/// <param name="database">Its database.</param>
internal sealed class HeldDatabase(IDisposable directory, StoreDatabase database) : IDisposable
{
    /// <summary>The database, with everything in it that the directory holds.</summary>
    public StoreDatabase Database { get; } = database;

    /// <summary>Takes hold of a directory and opens its database.</summary>
    /// <param name="directory">The data directory, which is there.</param>
    /// <param name="prepare">Moves to the database what lies elsewhere in the directory.</param>
    /// <exception cref="IOException">A broker uses the directory, or the database cannot be opened.</exception>
    public static HeldDatabase Open(string directory, Action<string, StoreDatabase> prepare)
    {
        if (!Directory.Exists(directory))
        {
            throw new DirectoryNotFoundException($"there is no data directory {directory}");
        }

        var held = Hold(directory);
        StoreDatabase? database = null;
        try
        {
            database = StoreDatabase.Open(Path.Combine(directory, "broker.db"));
            prepare(directory, database);
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

    private static FileStream Hold(string directory)
    {
        try
        {
            return new FileStream(Path.Combine(directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault)
        {
            throw new IOException($"the data directory {directory} is in use by a broker, which must be stopped first ({fault.Message})", fault);
        }
    }
}
