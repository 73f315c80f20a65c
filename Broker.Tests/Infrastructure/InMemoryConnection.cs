using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Broker.Tests.Infrastructure;

/// <summary>
/// A connection in memory, seen by the broker as <see cref="ConnectionContext"/> and by the test as the client's end. Continuations run inline:
/// when <see cref="Send"/> returns, the broker has answered, unless its output is blocked.
/// </summary>
internal sealed class InMemoryConnection : ConnectionContext
{
    private readonly Pipe _toBroker = new(new PipeOptions(null, PipeScheduler.Inline, PipeScheduler.Inline, 0, 0, useSynchronizationContext: false));
    private readonly Pipe _toClient;

    /// <param name="outputLimit">Bytes that fit before the broker's output blocks; 0 for no limit.</param>
    public InMemoryConnection(int outputLimit = 0)
    {
        _toClient = new Pipe(new PipeOptions(
            null, PipeScheduler.Inline, PipeScheduler.Inline, outputLimit, outputLimit / 2, useSynchronizationContext: false));
        Transport = new Ends(_toBroker.Reader, _toClient.Writer);
    }

    public override string ConnectionId { get; set; } = "in memory";

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    public override IDuplexPipe Transport { get; set; }

    /// <summary>The broker's side of the connection: ends when the broker has closed it.</summary>
    public Task Served { get; set; } = Task.CompletedTask;

    public bool IsClosed => Served.IsCompleted;

    public bool WasAborted { get; private set; }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        WasAborted = true;
        _toBroker.Writer.Complete();
    }

    public void Send(params ReadOnlySpan<byte> bytes)
    {
        if (!IsClosed)
        {
            bytes.CopyTo(_toBroker.Writer.GetSpan(bytes.Length));
            _toBroker.Writer.Advance(bytes.Length);
            _ = _toBroker.Writer.FlushAsync().AsTask(); // there is no limit to wait for
        }
    }

    /// <summary>The client vanishes: nothing is read any more, and the broker sees the end.</summary>
    public void Vanish()
    {
        _toClient.Reader.Complete();
        _toBroker.Writer.Complete();
    }

    /// <summary>What has arrived at the client so far.</summary>
    public byte[] Received()
    {
        var bytes = Array.Empty<byte>();
        while (_toClient.Reader.TryRead(out ReadResult result) && result.Buffer.Length > 0)
        {
            bytes = [.. bytes, .. System.Buffers.BuffersExtensions.ToArray(result.Buffer)];
            _toClient.Reader.AdvanceTo(result.Buffer.End);
        }

        return bytes;
    }

    /// <summary>Waits until so many bytes have arrived.</summary>
    public async Task<byte[]> ReceiveAsync(int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        ReadResult result = await _toClient.Reader.ReadAtLeastAsync(count, patience.Token);
        byte[] bytes = System.Buffers.BuffersExtensions.ToArray(result.Buffer.Slice(0, Math.Min(count, result.Buffer.Length)));
        _toClient.Reader.AdvanceTo(result.Buffer.GetPosition(bytes.Length));
        return bytes;
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
