namespace Broker.Storage.Database;

/// <summary>The database file is damaged: trying again does not help, but a <see cref="DatabaseSalvage"/> may.</summary>
/// <param name="file">Path of the file.</param>
/// <param name="detail">What was found.</param>
internal sealed class DatabaseDamagedException(string file, string detail) : IOException($"{file} is damaged: {detail}")
{
    /// <summary>Path of the file.</summary>
    public string File { get; } = file;

    /// <summary>What was found.</summary>
    public string Detail { get; } = detail;
}
