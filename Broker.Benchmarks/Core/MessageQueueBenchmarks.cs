using BenchmarkDotNet.Attributes;
using Broker.Core.Sessions;
using Broker.Primitives;

namespace Broker.Benchmarks.Core;

/// <summary>A message in and out of a session's queue in which others wait.</summary>
[MemoryDiagnoser]
public class MessageQueueBenchmarks
{
    private readonly MessageQueue _queue = new(new QueueTotals());
    private readonly QueuedMessage _message = new(
        new Message { Topic = "a/b"u8.ToArray(), Payload = new byte[64] }, new StoredTerms(Qos.AtLeastOnce, false, []));

    [Params(0, 10_000)]
    public int Waiting { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        for (var index = 0; index < Waiting; index++)
        {
            _queue.Enqueue(_message);
        }
    }

    [Benchmark]
    public int EnqueueAndDequeue()
    {
        _queue.Enqueue(_message);
        return _queue.Dequeue().Message.Size;
    }
}
