using System.Text.Json;
using Broker.Primitives;
using Broker.Storage.Journal;

namespace Broker.Storage.Export;

/// <summary>A message of a file to import.</summary>
internal sealed class ImportedMessage
{
    private readonly byte[] _topic;
    private readonly byte[]? _payload;
    private readonly byte[]? _properties;
    private readonly byte[]? _publisher;
    private readonly Qos _qos;
    private readonly bool _retain;
    private readonly long _expiresAt;

    public ImportedMessage(JsonElement line)
    {
        _topic = line.Text("topic");
        if (!TopicName.IsValid(_topic))
        {
            throw ImportFields.Wrong("topic", "a Topic Name");
        }

        _payload = line.OptionalText("payload") ?? line.OptionalBytes("payloadBase64");
        _properties = line.OptionalBytes("propertiesBase64");
        _publisher = line.OptionalText("publisher");
        _qos = (Qos)line.Number("qos", 2);
        _retain = line.Flag("retain");
        _expiresAt = line.OptionalNumber("expiresAt", long.MaxValue) ?? Message.NeverExpires;
    }

    /// <summary>True for a message without payload.</summary>
    public bool IsEmpty => _payload is null or [];

    /// <summary>The message as the database takes it.</summary>
    public MessageData Data => new()
    {
        Topic = _topic,
        Payload = _payload,
        Properties = _properties,
        Publisher = _publisher,
        Qos = _qos,
        Retain = _retain,
        ExpiresAt = _expiresAt,
    };
}
