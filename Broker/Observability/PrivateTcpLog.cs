using Microsoft.Extensions.Logging;

namespace Broker.Observability;

/// <summary>Log lines that only the private TCP gateway has.</summary>
internal static partial class PrivateTcpLog
{
    [LoggerMessage(EventId = 120, Level = LogLevel.Warning, Message = "{ClientId}: a downlink on {Topic} of {Size} bytes is dropped, a frame holds 65535")]
    public static partial void DownlinkTooLarge(this ILogger logger, string clientId, string topic, int size);

    [LoggerMessage(
        EventId = 121,
        Level = LogLevel.Debug,
        Message = "{ClientId} sent {FramesReceived} frames ({BytesReceived} bytes) and took {FramesSent} frames ({BytesSent} bytes)")]
    public static partial void Statistics(this ILogger logger, string clientId, long framesReceived, long bytesReceived, long framesSent, long bytesSent);
}
