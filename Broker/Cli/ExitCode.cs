namespace Broker.Cli;

/// <summary>Exit statuses of the process.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>Wrong configuration, or the broker could not start.</summary>
    public const int Failure = 1;

    /// <summary>Wrong command line.</summary>
    public const int Usage = 2;
}
