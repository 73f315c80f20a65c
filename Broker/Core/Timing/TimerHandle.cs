namespace Broker.Core.Timing;

/// <summary>Names one scheduled deadline; the default value names none.</summary>
/// <param name="Slot">Index in the wheel plus one.</param>
/// <param name="Generation">Tells this use of the slot from earlier ones.</param>
internal readonly record struct TimerHandle(int Slot, int Generation)
{
    /// <summary>True when it names a deadline, which may have passed.</summary>
    public bool IsSet => Slot != 0;
}
