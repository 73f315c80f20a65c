namespace Broker.Configuration;

/// <summary>What to do when the data directory is damaged.</summary>
public enum CorruptionPolicy
{
    /// <summary>Say what is wrong and do not start.</summary>
    Fail,

    /// <summary>Keep the damaged files aside, take over what is readable, and start.</summary>
    Salvage,
}
