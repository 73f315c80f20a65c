using System.IO.Pipelines;

namespace Broker.Cli.Device;

/// <summary>A connection over a stream: a socket's, or TLS on top of it.</summary>
internal sealed class StreamTransport(Stream stream) : IDeviceTransport
{
    public PipeReader Input { get; } = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));

    public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
