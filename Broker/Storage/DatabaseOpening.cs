using Broker.Configuration;
using Broker.Observability;
using Broker.Storage.Database;
using Microsoft.Extensions.Logging;

namespace Broker.Storage;

/// <summary>Opens the database of a data directory; a damaged one as the operator chose.</summary>
internal sealed class DatabaseOpening(CorruptionPolicy policy, TimeProvider time, ILogger logger)
{
    /// <exception cref="StoreException">It is damaged, and the operator did not ask to salvage it.</exception>
    public StoreDatabase Open(string path)
    {
        try
        {
            return StoreDatabase.Open(path);
        }
        catch (DatabaseDamagedException damage) when (policy == CorruptionPolicy.Salvage)
        {
            Salvage(path, damage.Detail);
            return StoreDatabase.Open(path);
        }
        catch (DatabaseDamagedException damage)
        {
            throw new StoreException(
                $"{damage.Message}. Start with --on-corruption salvage to take over what is readable and keep the damaged files aside.", damage);
        }
    }

    private void Salvage(string path, string detail)
    {
        var aside = Directory.CreateDirectory(DataDirectory.DamagedPath(Path.GetDirectoryName(path)!, time.GetUtcNow())).FullName;
        foreach (var file in (ReadOnlySpan<string>)[path, path + "-wal", path + "-shm"])
        {
            if (File.Exists(file))
            {
                File.Move(file, Path.Combine(aside, Path.GetFileName(file)));
            }
        }

        var report = StoreDatabase.Salvage(Path.Combine(aside, Path.GetFileName(path)), path);
        logger.DatabaseSalvaged(detail, report.ToString(), aside);
    }
}
