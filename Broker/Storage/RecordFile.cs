using System.Text.Json;
using System.Text.Json.Serialization;
using Broker.Core.Ports;
using Broker.Storage.Journal;

namespace Broker.Storage;

/// <summary>A file of JSON, one record a line, in the data directory: written beside the old one, synced, then put in its place.</summary>
internal sealed class RecordFile<T>(string path) : IRecordFile<T>
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <inheritdoc />
    /// <exception cref="StoreException">It cannot be read, or a line is no record.</exception>
    public IReadOnlyList<T> Load()
    {
        try
        {
            return File.Exists(path) ? [.. File.ReadLines(path).Select(Parse)] : [];
        }
        catch (Exception fault) when (DiskFault.Is(fault))
        {
            throw new StoreException($"{path} cannot be read: {fault.Message}", fault);
        }
    }

    /// <inheritdoc />
    public void Save(IEnumerable<T> records)
    {
        var fresh = path + ".new";
        try
        {
            using (var stream = File.Create(fresh))
            {
                foreach (var record in records)
                {
                    JsonSerializer.Serialize(stream, record, Format);
                    stream.WriteByte((byte)'\n');
                }

                stream.Flush(flushToDisk: true);
            }

            File.Move(fresh, path, overwrite: true);
            new DiskJournalFiles(Path.GetDirectoryName(path)!).Sync(); // or a power cut could bring the old one back
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new IOException(fault.Message, fault);
        }
    }

    private T Parse(string line, int index)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(line, Format) ?? throw new JsonException("null is no record");
        }
        catch (JsonException fault)
        {
            throw new StoreException($"{path}, line {index + 1}: {fault.Message} Repair the line or remove it.", fault);
        }
    }
}
