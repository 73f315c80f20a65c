using System.IO.Pipelines;

namespace Broker.Transports.WebSockets;

/// <summary>The two pipe ends that a protocol sees.</summary>
internal sealed class DuplexPipe(PipeReader input, PipeWriter output) : IDuplexPipe
{
    public PipeReader Input { get; } = input;

    public PipeWriter Output { get; } = output;
}
