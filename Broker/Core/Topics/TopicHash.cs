using System.Numerics;
using System.Runtime.InteropServices;

namespace Broker.Core.Topics;

/// <summary>A fast hash over UTF-8 topics, seeded per process so that a client cannot choose topics that collide.</summary>
internal static class TopicHash
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15;
    private static readonly ulong Seed = (ulong)Random.Shared.NextInt64() | 1;

    /// <summary>Hash of a topic or level.</summary>
    public static int Of(ReadOnlySpan<byte> text, uint salt = 0)
    {
        var hash = Seed ^ ((ulong)salt * Multiplier) ^ (ulong)text.Length;
        while (text.Length >= 8)
        {
            hash = Mix(hash ^ MemoryMarshal.Read<ulong>(text));
            text = text[8..];
        }

        var tail = 0UL;
        for (var index = 0; index < text.Length; index++)
        {
            tail = (tail << 8) | text[index];
        }

        hash = Mix(hash ^ tail);
        return (int)(hash ^ (hash >> 32));
    }

    private static ulong Mix(ulong value)
    {
        value *= Multiplier;
        return BitOperations.RotateLeft(value, 31) ^ (value >> 29);
    }
}
