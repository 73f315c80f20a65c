using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Broker.Transports.Epoll;

/// <summary>An epoll instance and the buffer for what it reports. <see cref="Control"/> may be called from any thread.</summary>
/// <remarks>
/// <code>
/// struct epoll_event   x64, packed: events 4, data 8   elsewhere: events 4, padding 4, data 8
/// </code>
/// </remarks>
internal sealed unsafe class EpollSet : IDisposable
{
    private const int MaximumEvents = 512;

    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EventSize = DataOffset + sizeof(ulong);

    private readonly int _descriptor;
    private readonly byte* _events;

    public EpollSet()
    {
        _descriptor = LibC.EpollCreate(LibC.CloseOnExec);
        if (_descriptor < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        _events = (byte*)NativeMemory.Alloc((nuint)(MaximumEvents * EventSize));
    }

    /// <summary>Adds, changes or removes a descriptor.</summary>
    /// <exception cref="Win32Exception">The system refuses.</exception>
    public void Control(int operation, int descriptor, ReadyEvents events, ulong data)
    {
        var entry = stackalloc byte[16];
        Unsafe.WriteUnaligned(entry, (uint)events);
        Unsafe.WriteUnaligned(entry + DataOffset, data);
        if (LibC.EpollControl(_descriptor, operation, descriptor, entry) < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Waits for as long as it takes, or looks only. Returns how many descriptors are ready.</summary>
    public int Wait(bool untilReady = true)
    {
        while (true)
        {
            var count = LibC.EpollWait(_descriptor, _events, MaximumEvents, untilReady ? -1 : 0);
            if (count >= 0)
            {
                return count;
            }

            if (Marshal.GetLastPInvokeError() is not LibC.Interrupted and var error)
            {
                throw new Win32Exception(error);
            }
        }
    }

    /// <summary>One of the descriptors that the last wait found.</summary>
    public (ReadyEvents Events, ulong Data) this[int index]
    {
        get
        {
            var entry = _events + (index * EventSize);
            return ((ReadyEvents)Unsafe.ReadUnaligned<uint>(entry), Unsafe.ReadUnaligned<ulong>(entry + DataOffset));
        }
    }

    public void Dispose()
    {
        _ = LibC.Close(_descriptor);
        NativeMemory.Free(_events);
    }
}
