using System.Buffers;

namespace Broker.Connections;

/// <summary>Where a thread encodes an answer of the protocol before it appends it. Holds one frame, until the next one is begun.</summary>
internal static class AnswerBuffer
{
    private const int KeptBytes = 4096;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_buffer;

    /// <summary>The buffer of this thread, empty.</summary>
    public static ArrayBufferWriter<byte> Begin()
    {
        var buffer = t_buffer;
        if (buffer is null || buffer.Capacity > KeptBytes)
        {
            t_buffer = buffer = new ArrayBufferWriter<byte>(256);
        }

        buffer.ResetWrittenCount();
        return buffer;
    }
}
