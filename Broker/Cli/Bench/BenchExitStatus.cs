namespace Broker.Cli.Bench;

/// <summary>Exit status of `broker bench`; scripts rely on the numbers.</summary>
internal enum BenchExitStatus
{
    /// <summary>Everything arrived once and in order.</summary>
    Complete = 0,

    /// <summary>Not all clients could connect and subscribe.</summary>
    CannotConnect = 1,

    /// <summary>Wrong options.</summary>
    Usage = 2,

    /// <summary>Messages were lost, repeated at QoS 2, or not acknowledged; or a connection was lost.</summary>
    Loss = 3,
}
