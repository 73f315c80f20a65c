using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Broker.Transports.Epoll;

/// <summary>Wakes a loop from other threads.</summary>
internal sealed unsafe class WakeUp(EpollLoop loop) : EpollTarget(loop), IDisposable
{
    private int _event = -1;

    /// <summary>Opens the descriptor that the loop has to watch.</summary>
    public int Open()
    {
        _event = LibC.EventDescriptor(0, LibC.CloseOnExec | LibC.NonBlocking);
        return _event >= 0 ? _event : throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>Makes the loop's wait return.</summary>
    public void Signal()
    {
        ulong one = 1;
        _ = LibC.Write(_event, &one, sizeof(ulong));
    }

    /// <inheritdoc />
    public override void OnReady(ReadyEvents events)
    {
        ulong count;
        _ = LibC.Read(_event, &count, sizeof(ulong));
    }

    /// <inheritdoc />
    public override void OnDefect(Exception defect)
    {
    }

    public void Dispose() => _ = LibC.Close(_event);
}
