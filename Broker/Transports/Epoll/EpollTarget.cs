namespace Broker.Transports.Epoll;

/// <summary>Something with a descriptor that an <see cref="EpollLoop"/> watches. Everything here runs on the loop's thread.</summary>
internal abstract class EpollTarget(EpollLoop loop)
{
    /// <summary>The loop that watches it.</summary>
    protected EpollLoop Loop { get; } = loop;

    /// <summary>Its descriptor; -1 when it has none any more.</summary>
    public int Descriptor { get; set; } = -1;

    /// <summary>Tells it from an earlier target with the same descriptor, for which an event may still be on the list.</summary>
    public uint Generation { get; set; }

    /// <summary>What the loop waits for on its behalf.</summary>
    public ReadyEvents Interest { get; set; }

    /// <summary>
    /// How long it takes on average when it is served, in the clock's ticks, see <see cref="LongTurns"/>. Kept only for what is reported for as
    /// long as something is there.
    /// </summary>
    public long TypicalTurn { get; set; }

    /// <summary>Its place among those that wait behind the others; 0 while it does not.</summary>
    public long Ticket { get; set; }

    /// <summary>The descriptor is ready.</summary>
    public abstract void OnReady(ReadyEvents events);

    /// <summary>A defect of ours: whatever it was doing has ended half-way.</summary>
    public abstract void OnDefect(Exception defect);
}
