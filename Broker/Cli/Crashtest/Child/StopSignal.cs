namespace Broker.Cli.Crashtest.Child;

/// <summary>How a round ends the broker.</summary>
internal enum StopSignal
{
    /// <summary>SIGKILL: the process ends between two instructions.</summary>
    Kill,

    /// <summary>SIGTERM: the broker may put its things in order.</summary>
    Terminate,
}
