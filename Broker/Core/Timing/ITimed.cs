namespace Broker.Core.Timing;

/// <summary>Something that wants to hear from the <see cref="TimerWheel"/>.</summary>
internal interface ITimed
{
    /// <summary>The deadline has passed. Called on the wheel's thread, without a lock.</summary>
    void OnTimer();
}
