using System.Runtime.InteropServices;

namespace Broker.Transports.Epoll;

/// <summary>The system calls of the epoll transport, with the values that Linux gives their flags on x64 and arm64.</summary>
internal static unsafe partial class LibC
{
    public const int CloseOnExec = 0x80000;
    public const int NonBlocking = 0x800;

    public const int ControlAdd = 1;
    public const int ControlDelete = 2;
    public const int ControlModify = 3;

    public const int Peek = 0x02;
    public const int DontWait = 0x40;
    public const int NoSignal = 0x4000;

    public const int ShutdownBoth = 2;
    public const int SocketLevel = 1;
    public const int Linger = 13;
    public const int MonotonicClock = 1;

    public const int Interrupted = 4;
    public const int Again = 11;
    public const int OutOfMemory = 12;
    public const int OutOfFilesSystemWide = 23;
    public const int OutOfFiles = 24;
    public const int NoBufferSpace = 105;

    private const string Library = "libc";

    [LibraryImport(Library, EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport(Library, EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(int epoll, int operation, int descriptor, byte* @event);

    [LibraryImport(Library, EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(int epoll, byte* events, int maximum, int timeoutMilliseconds);

    [LibraryImport(Library, EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventDescriptor(uint initial, int flags);

    [LibraryImport(Library, EntryPoint = "accept4", SetLastError = true)]
    public static partial int Accept(int descriptor, byte* address, int* addressLength, int flags);

    [LibraryImport(Library, EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int descriptor, byte* buffer, nint length, int flags);

    [LibraryImport(Library, EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int descriptor, byte* buffer, nint length, int flags);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, ulong* value, nint length);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, ulong* value, nint length);

    [LibraryImport(Library, EntryPoint = "shutdown", SetLastError = true)]
    public static partial int Shutdown(int descriptor, int how);

    [LibraryImport(Library, EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(int descriptor, int level, int option, int* value, int length);

    [LibraryImport(Library, EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport(Library, EntryPoint = "clock_nanosleep")]
    public static partial int Sleep(int clock, int flags, long* secondsAndNanoseconds, long* remaining);
}
