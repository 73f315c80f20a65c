namespace Broker.Storage.Database;

/// <summary>The tables of the database, and how older files are brought up to date. docs/storage-format.md says what the columns mean.</summary>
/// <param name="Steps">Step n makes version n + 1 out of version n; version 0 is an empty file. A step that was released never changes.</param>
internal sealed record DatabaseSchema(IReadOnlyList<string> Steps)
{
    /// <summary>`application_id` of the files: "MQBR".</summary>
    public const int ApplicationId = 0x4D514252;

    // Long columns come last, so that the short ones are read without their overflow pages.
    private const string FirstTables = """
        CREATE TABLE meta (
          id INTEGER PRIMARY KEY CHECK (id = 1),
          last_frame INTEGER NOT NULL,
          last_written_at INTEGER NOT NULL,
          highest_session_key INTEGER NOT NULL,
          highest_shared_key INTEGER NOT NULL);
        INSERT INTO meta VALUES (1, 0, 0, 0, 0);
        CREATE TABLE session (
          key INTEGER PRIMARY KEY,
          client_id TEXT NOT NULL,
          username TEXT,
          listener TEXT NOT NULL,
          protocol INTEGER NOT NULL,
          expiry_seconds INTEGER NOT NULL,
          detached_at INTEGER,
          sequences_used INTEGER NOT NULL,
          will_qos INTEGER,
          will_retain INTEGER,
          will_delay_seconds INTEGER,
          will_expiry_seconds INTEGER,
          will_publisher TEXT,
          will_topic TEXT,
          will_properties BLOB,
          will_payload BLOB);
        CREATE TABLE subscription (
          session INTEGER NOT NULL,
          filter TEXT NOT NULL,
          qos INTEGER NOT NULL,
          no_local INTEGER NOT NULL,
          retain_as_published INTEGER NOT NULL,
          retain_handling INTEGER NOT NULL,
          identifier INTEGER NOT NULL,
          PRIMARY KEY (session, filter)) WITHOUT ROWID;
        CREATE TABLE received (
          session INTEGER NOT NULL,
          packet_id INTEGER NOT NULL,
          PRIMARY KEY (session, packet_id)) WITHOUT ROWID;
        CREATE TABLE message (
          key INTEGER PRIMARY KEY,
          qos INTEGER NOT NULL,
          retain INTEGER NOT NULL,
          expires_at INTEGER,
          publisher TEXT,
          topic TEXT NOT NULL,
          properties BLOB,
          payload BLOB);
        CREATE TABLE queue (
          session INTEGER NOT NULL,
          sequence INTEGER NOT NULL,
          released INTEGER NOT NULL,
          shared_key INTEGER,
          delivery_qos INTEGER NOT NULL,
          delivery_retain INTEGER NOT NULL,
          subscription_identifiers TEXT,
          shared_filter TEXT,
          qos INTEGER,
          retain INTEGER,
          expires_at INTEGER,
          publisher TEXT,
          topic TEXT,
          properties BLOB,
          payload BLOB,
          PRIMARY KEY (session, sequence)) WITHOUT ROWID;
        CREATE INDEX queue_shared ON queue (shared_key) WHERE shared_key IS NOT NULL;
        CREATE INDEX queue_released ON queue (released, session, sequence) WHERE released = 1;
        CREATE TABLE retained (
          topic TEXT NOT NULL PRIMARY KEY,
          qos INTEGER NOT NULL,
          expires_at INTEGER,
          publisher TEXT,
          properties BLOB,
          payload BLOB) WITHOUT ROWID;
        """;

    /// <summary>The schema of this version of the broker.</summary>
    public static DatabaseSchema Current { get; } = new([FirstTables]);

    /// <summary>Brings the file up to date, in one transaction.</summary>
    /// <exception cref="DatabaseVersionException">The file is newer than this broker, or no broker's.</exception>
    public void Apply(SqliteFile file)
    {
        var version = file.ReadNumber("PRAGMA user_version");
        if (version > Steps.Count)
        {
            throw new DatabaseVersionException(
                $"{file.Path} was written by a newer version of the broker (format {version}; this one knows formats up to {Steps.Count}). " +
                "Start that version, or a newer one.");
        }

        var isEmpty = file.ReadNumber("SELECT count(*) FROM sqlite_schema") == 0;
        if (!isEmpty && file.ReadNumber("PRAGMA application_id") != ApplicationId)
        {
            throw new DatabaseVersionException($"{file.Path} is an SQLite database, but not one of this broker.");
        }

        if (version == Steps.Count)
        {
            return;
        }

        file.Execute("BEGIN IMMEDIATE");
        for (var step = (int)version; step < Steps.Count; step++)
        {
            file.Execute(Steps[step]);
        }

        file.Execute($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Steps.Count}; COMMIT");
    }
}
