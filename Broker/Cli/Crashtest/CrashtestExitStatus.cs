namespace Broker.Cli.Crashtest;

/// <summary>Exit status of `broker crashtest`; scripts rely on the numbers.</summary>
internal enum CrashtestExitStatus
{
    /// <summary>No promise was broken.</summary>
    Clean = 0,

    /// <summary>The broker could not be started or ended by itself, or nothing was acknowledged or delivered, so that nothing was tested.</summary>
    Failed = 1,

    /// <summary>Wrong options.</summary>
    Usage = 2,

    /// <summary>A promise was broken.</summary>
    Violation = 3,
}
