using System.Runtime.InteropServices;
using Broker.Primitives;

namespace Broker.Core.Retained;

/// <summary>How much each ClientId has retained: a message belongs to whoever published it last. Guarded by the store's lock.</summary>
internal sealed class RetainedUse
{
    private readonly Dictionary<string, (int Messages, long Bytes)> _uses = new(StringComparer.Ordinal);

    /// <summary>Messages and bytes of one ClientId.</summary>
    public (int Messages, long Bytes) Of(string clientId) => _uses.GetValueOrDefault(clientId);

    /// <summary>A message is retained.</summary>
    public void Add(Message message) => Change(message, 1);

    /// <summary>A message is retained no longer.</summary>
    public void Remove(Message message) => Change(message, -1);

    private void Change(Message message, int sign)
    {
        ref var use = ref CollectionsMarshal.GetValueRefOrAddDefault(_uses, message.Publisher, out _);
        use = (use.Messages + sign, use.Bytes + (sign * message.Size));
        if (use.Messages == 0)
        {
            _uses.Remove(message.Publisher);
        }
    }
}
