using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Broker.Core.Topics;
using Broker.Primitives;
using Broker.Storage.Database;
using Broker.Storage.Journal;

namespace Broker.Storage.Export;

/// <summary>Reads what <see cref="StoreExport"/> writes into a database, all of it or nothing.</summary>
internal sealed class StoreImport
{
    private readonly StoreDatabase _database;
    private readonly HashSet<string> _clientIds = new(StringComparer.Ordinal);
    private long _session;
    private long _sequence;
    private ExportCounts _counts;
    private bool _hasBegun;
    private bool _hasEnded;

    private StoreImport(StoreDatabase database) => _database = database;

    /// <summary>Reads everything.</summary>
    /// <param name="database">The database.</param>
    /// <param name="input">Where from.</param>
    /// <param name="replace">True to remove first what the database holds.</param>
    /// <exception cref="ImportException">The input is wrong; the database is as before.</exception>
    public static ExportCounts Read(StoreDatabase database, TextReader input, bool replace)
    {
        database.Begin();
        try
        {
            if (replace)
            {
                database.Clear();
            }

            var counts = new StoreImport(database).ReadAll(input);
            database.Commit(database.LastFrame, database.LastWrittenAt);
            return counts;
        }
        catch
        {
            database.Rollback();
            throw;
        }
    }

    private ExportCounts ReadAll(TextReader input)
    {
        long number = 0;
        while (input.ReadLine() is { } text)
        {
            number++;
            try
            {
                using var line = JsonDocument.Parse(text);
                ReadLine(line.RootElement);
            }
            catch (Exception fault) when (fault is JsonException or FormatException or InvalidOperationException)
            {
                throw new ImportException(number, fault.Message);
            }
        }

        return _hasEnded ? _counts : throw new ImportException(number, "the file is not complete: its last line is not of the type 'end'");
    }

    private void ReadLine(JsonElement line)
    {
        var type = Encoding.UTF8.GetString(line.Text("type"));
        if (_hasEnded || _hasBegun == (type == "broker"))
        {
            throw new FormatException(_hasEnded ? "there is something after the line 'end'" : "a file begins with a line of the type 'broker', and has one only");
        }

        switch (type)
        {
            case "broker":
                ReadHead(line);
                break;
            case "retained":
                ReadRetained(line);
                break;
            case "session":
                ReadSession(line);
                break;
            case "queued":
                ReadQueued(line);
                break;
            case "end":
                ReadEnd(line);
                break;
            default:
                throw new FormatException($"there is no type '{type}'");
        }
    }

    private void ReadHead(JsonElement line)
    {
        var format = line.Number("format", int.MaxValue);
        if (format is 0 or > StoreExport.Format)
        {
            throw new FormatException($"format {format} is not known; this version reads formats up to {StoreExport.Format}");
        }

        _hasBegun = true;
    }

    private void ReadRetained(JsonElement line)
    {
        ImportedMessage message = new(line);
        if (message.IsEmpty)
        {
            throw new FormatException("a retained message has a payload");
        }

        _database.Retained(message.Data);
        _counts = _counts with { Retained = _counts.Retained + 1 };
    }

    private void ReadSession(JsonElement line)
    {
        var clientId = line.Text("clientId");
        if (clientId.Length == 0 || !_clientIds.Add(Encoding.UTF8.GetString(clientId)))
        {
            throw new FormatException("a session has a 'clientId' of its own");
        }

        _session = _database.HighestSessionKey + 1;
        _sequence = 0;
        var expirySeconds = (uint)line.Number("expirySeconds", uint.MaxValue);
        Attach(line, clientId, expirySeconds);
        _database.SessionDetached(_session, expirySeconds, keepWill: true, line.Number("detachedAt", long.MaxValue));
        _database.SequencesUsed(_session, line.Number("lastSequence", long.MaxValue));
        foreach (var subscription in line.Elements("subscriptions"))
        {
            ReadSubscription(subscription);
        }

        foreach (var packetId in line.Numbers("received", ushort.MaxValue))
        {
            _database.Received(_session, (ushort)packetId);
        }

        foreach (var sequence in line.Numbers("released", long.MaxValue))
        {
            _database.Queued(_session, sequence, 0, default, new TermsData { Qos = Qos.ExactlyOnce });
            _database.Released(_session, sequence);
        }

        _counts = _counts with { Sessions = _counts.Sessions + 1 };
    }

    private void Attach(JsonElement line, byte[] clientId, uint expirySeconds)
    {
        var username = line.OptionalText("username");
        if (!Enum.TryParse<ClientProtocol>(Encoding.UTF8.GetString(line.Text("protocol")), out var protocol) || !Enum.IsDefined(protocol))
        {
            throw ImportFields.Wrong("protocol", $"one of {string.Join(", ", Enum.GetNames<ClientProtocol>())}");
        }

        var hasWill = line.TryGetProperty("will", out var will);
        _database.SessionAttached(_session, new SessionData
        {
            ClientId = clientId,
            HasUsername = username is not null,
            Username = username,
            Listener = line.Text("listener"),
            Protocol = protocol,
            ExpirySeconds = expirySeconds,
            HasWill = hasWill,
            Will = hasWill ? new ImportedMessage(will).Data : default,
            WillDelaySeconds = hasWill ? (uint)will.Number("delaySeconds", uint.MaxValue) : 0,
            WillExpirySeconds = hasWill ? (uint?)will.OptionalNumber("expirySeconds", uint.MaxValue) : null,
        });
    }

    private void ReadSubscription(JsonElement field)
    {
        SubscriptionOptions options = new(
            (Qos)field.Number("qos", 2), field.Flag("noLocal"), field.Flag("retainAsPublished"), (RetainHandling)field.Number("retainHandling", 2));
        _database.Subscribed(_session, Filter(field.Text("filter"), "filter"), options, (uint)field.Number("identifier", 268_435_455));
    }

    private void ReadQueued(JsonElement line)
    {
        var sequence = line.Number("sequence", long.MaxValue);
        if (_session == 0 || sequence <= _sequence)
        {
            throw new FormatException("queued messages follow their session, with sequences that rise");
        }

        _sequence = sequence;
        var identifiers = line.Numbers("subscriptionIdentifiers", 268_435_455).ToArray();
        var encoded = new byte[identifiers.Length * sizeof(uint)];
        for (var i = 0; i < identifiers.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(encoded.AsSpan(i * sizeof(uint)), (uint)identifiers[i]);
        }

        var group = line.OptionalText("sharedFilter");
        _database.Queued(_session, sequence, 0, new ImportedMessage(line).Data, new TermsData
        {
            Qos = (Qos)line.Number("deliveryQos", 2),
            Retain = line.Flag("deliveryRetain"),
            Identifiers = encoded,
            Group = group is null ? default : Filter(group, "sharedFilter"),
        });
        _counts = _counts with { Queued = _counts.Queued + 1 };
    }

    private void ReadEnd(JsonElement line)
    {
        ExportCounts counts = new(line.Number("retained", long.MaxValue), line.Number("sessions", long.MaxValue), line.Number("queued", long.MaxValue));
        _hasEnded = counts == _counts ? true : throw new FormatException($"the file had {counts}, but what came are {_counts}");
    }

    private static byte[] Filter(byte[] text, string name) =>
        TopicFilter.TryParse(text, out _, out var error) ? text : throw ImportFields.Wrong(name, $"a Topic Filter ({error})");
}
