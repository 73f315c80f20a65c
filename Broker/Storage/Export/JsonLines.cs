using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Broker.Storage.Export;

/// <summary>Writes JSON objects, one a line.</summary>
internal sealed class JsonLines(TextWriter output) : IDisposable
{
    private readonly ArrayBufferWriter<byte> _line = new(4096);
    private readonly Utf8JsonWriter _json = new(
        new ArrayBufferWriter<byte>(), new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    /// <summary>Begins a line of a type.</summary>
    public Utf8JsonWriter Begin(ReadOnlySpan<byte> type)
    {
        _line.ResetWrittenCount();
        _json.Reset(_line);
        _json.WriteStartObject();
        _json.WriteString("type"u8, type);
        return _json;
    }

    /// <summary>Ends the line.</summary>
    public void End()
    {
        _json.WriteEndObject();
        _json.Flush();
        output.Write(Encoding.UTF8.GetString(_line.WrittenSpan));
        output.Write('\n');
    }

    /// <inheritdoc />
    public void Dispose() => _json.Dispose();
}
