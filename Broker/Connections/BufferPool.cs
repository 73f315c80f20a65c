using System.Numerics;

namespace Broker.Connections;

/// <summary>
/// Output and receive buffers in powers of two. Keeps more arrays per size than the shared array pool, which a fan-out to hundreds of
/// subscribers would exhaust, and bounds what it keeps by bytes.
/// </summary>
internal static class BufferPool
{
    private const int SmallestBits = 9;
    private const int LargestBits = 20;
    private const int KeptBytesPerSize = 16 * 1024 * 1024;

    private static readonly Stack<byte[]>[] Kept = [.. Enumerable.Range(0, LargestBits - SmallestBits + 1).Select(static _ => new Stack<byte[]>())];

    /// <summary>A buffer of at least <paramref name="length"/> bytes; its content is undefined.</summary>
    public static byte[] Rent(int length)
    {
        var bits = Math.Max(SmallestBits, BitOperations.Log2((uint)Math.Max(length - 1, 1)) + 1);
        if (bits > LargestBits)
        {
            return GC.AllocateUninitializedArray<byte>(bits >= 31 ? length : 1 << bits);
        }

        var kept = Kept[bits - SmallestBits];
        lock (kept)
        {
            if (kept.TryPop(out var buffer))
            {
                return buffer;
            }
        }

        return GC.AllocateUninitializedArray<byte>(1 << bits);
    }

    /// <summary>Gives a buffer back.</summary>
    public static void Return(byte[] buffer)
    {
        var bits = BitOperations.Log2((uint)buffer.Length);
        if (bits is < SmallestBits or > LargestBits || buffer.Length != 1 << bits)
        {
            return;
        }

        var kept = Kept[bits - SmallestBits];
        lock (kept)
        {
            if (kept.Count < KeptBytesPerSize >> bits)
            {
                kept.Push(buffer);
            }
        }
    }
}
