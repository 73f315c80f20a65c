using System.Buffers.Text;

namespace Broker.Storage.Database;

/// <summary>Subscription Identifiers as the database holds them: decimal numbers with commas between them.</summary>
internal static class SubscriptionIdentifiers
{
    /// <summary>Reads them; empty for an empty text.</summary>
    public static uint[] Parse(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return [];
        }

        var identifiers = new uint[text.Count((byte)',') + 1];
        for (var i = 0; Utf8Parser.TryParse(text, out identifiers[i], out int length) && length < text.Length; i++)
        {
            text = text[(length + 1)..];
        }

        return identifiers;
    }
}
