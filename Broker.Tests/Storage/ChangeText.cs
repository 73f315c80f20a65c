using System.Runtime.InteropServices;
using System.Text;
using Broker.Core.Topics;
using Broker.Storage.Journal;

namespace Broker.Tests.Storage;

/// <summary>Writes every change with all its fields as a line of text.</summary>
internal class ChangeText : IChangeTarget
{
    public List<string> Lines { get; } = [];

    public override string ToString() => string.Join('\n', Lines);

    public virtual void SessionAttached(long session, in SessionData data) => Lines.Add(
        $"attached {session} {Text(data.ClientId)} {(data.HasUsername ? Text(data.Username) : "-")} {Text(data.Listener)} {data.Protocol} {data.ExpirySeconds} "
        + (data.HasWill ? $"will {Text(data.Will)} {data.WillDelaySeconds} {data.WillExpirySeconds?.ToString() ?? "-"}" : "-"));

    public virtual void SessionDetached(long session, uint expirySeconds, bool keepWill, long at) =>
        Lines.Add($"detached {session} {expirySeconds} {keepWill} {at}");

    public virtual void WillPublished(long session) => Lines.Add($"will-published {session}");

    public virtual void SessionEnded(long session) => Lines.Add($"ended {session}");

    public virtual void Subscribed(long session, ReadOnlySpan<byte> filter, SubscriptionOptions options, uint identifier) =>
        Lines.Add($"subscribed {session} {Text(filter)} {options} {identifier}");

    public virtual void Unsubscribed(long session, ReadOnlySpan<byte> filter) => Lines.Add($"unsubscribed {session} {Text(filter)}");

    public virtual void SharedMessage(long key, in MessageData message) => Lines.Add($"shared {key} {Text(message)}");

    public virtual void Queued(long session, long sequence, long sharedKey, in MessageData message, in TermsData terms) => Lines.Add(
        $"queued {session} {sequence} " + (sharedKey == 0 ? Text(message) : $"={sharedKey}")
        + $" {terms.Qos} {terms.Retain} [{string.Join(',', MemoryMarshal.Cast<byte, uint>(terms.Identifiers).ToArray())}] {Text(terms.Group)}");

    public virtual void Released(long session, long sequence) => Lines.Add($"released {session} {sequence}");

    public virtual void Removed(long session, long sequence) => Lines.Add($"removed {session} {sequence}");

    public virtual void SequencesUsed(long session, long upTo) => Lines.Add($"used {session} {upTo}");

    public virtual void Received(long session, ushort packetId) => Lines.Add($"received {session} {packetId}");

    public virtual void ReceiveEnded(long session, ushort packetId) => Lines.Add($"receive-ended {session} {packetId}");

    public virtual void Retained(in MessageData message) => Lines.Add($"retained {Text(message)}");

    public virtual void RetainedRemoved(ReadOnlySpan<byte> topic) => Lines.Add($"retained-removed {Text(topic)}");

    protected static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    private static string Text(in MessageData message) =>
        $"({Text(message.Topic)} {Text(message.Payload)} {Text(message.Properties)} {Text(message.Publisher)} {message.Qos} {message.Retain} {message.ExpiresAt})";
}
