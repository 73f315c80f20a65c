namespace Broker.Cli.Bench;

/// <summary>What all connections of a load share. One gate guards it and their buffers; nothing blocks while it is held.</summary>
internal sealed class LoadFlow(TimeProvider time, uint run, bool isFlood)
{
    private List<LoadProducer> _ready = [];
    private List<LoadProducer> _spare = [];
    private string? _fault;

    public Lock Gate { get; } = new();

    /// <summary>Tells this run's messages from those of others.</summary>
    public uint Run { get; } = run;

    public LoadStream[] Streams { get; set; } = [];

    public LoadCounters Counters { get; private set; } = new();

    public LatencyHistogram Latency { get; } = new();

    /// <summary>What ended a connection that should have stayed; null while all is well.</summary>
    public string? Fault => Volatile.Read(ref _fault);

    /// <summary>False before and between the phases: what is lost then is nobody's fault.</summary>
    public bool IsSending { get; set; }

    public long Now => time.GetTimestamp();

    public long TimestampFrequency => time.TimestampFrequency;

    /// <summary>True when each topic has had all the messages of the phase.</summary>
    public bool IsAllSent => Array.TrueForAll(Streams, static stream => stream.Next >= stream.Target);

    public long ToNanoseconds(long timestamps) => (long)(timestamps * (1e9 / time.TimestampFrequency));

    /// <summary>A new phase begins: counts from zero.</summary>
    public void Reset()
    {
        Counters = new LoadCounters { LastProgress = Now };
        Latency.Clear();
    }

    /// <summary>The first reason is the one to report.</summary>
    public void Fail(string reason) => Interlocked.CompareExchange(ref _fault, reason, null);

    /// <summary>A producer has more room than before. Under the gate.</summary>
    public void Wake(LoadProducer producer)
    {
        if (isFlood && IsSending && !producer.IsQueued && producer.IsWorthPumping)
        {
            producer.IsQueued = true;
            _ready.Add(producer);
        }
    }

    /// <summary>Sends what the producers that were woken have room for; called without the gate at the end of each received batch.</summary>
    public void PumpReady()
    {
        List<LoadProducer> ready;
        lock (Gate)
        {
            if (_ready.Count == 0)
            {
                return;
            }

            (ready, _ready, _spare) = (_ready, _spare, []);
            foreach (var producer in ready)
            {
                producer.IsQueued = false;
                producer.Pump();
            }
        }

        foreach (var producer in ready)
        {
            producer.Connection.Flush();
        }

        ready.Clear();
        lock (Gate)
        {
            _spare = ready;
        }
    }
}
