using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Broker.Cli.Crashtest.Child;

/// <summary>One process of the broker under test.</summary>
internal sealed partial class BrokerChild : IDisposable
{
    private const int SigTerm = 15;

    private readonly Process _process;
    private bool _isDisposed;

    private BrokerChild(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    /// <summary>Port on loopback that it was told to listen on, free a moment before.</summary>
    public int Port { get; }

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a process, which need not listen yet.</summary>
    /// <exception cref="IOException">There is no such program.</exception>
    public static BrokerChild Start(BrokerCommand command, string directory, BrokerLog log)
    {
        var port = FreePort();
        var words = command.Fill(port, directory);
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // It would open a listener of its own for each start.
        start.Environment["EXT_PORT"] = "";
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => log.Write(line.Data);
        process.ErrorDataReceived += (_, line) => log.Write(line.Data);
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            process.Dispose();
            throw new IOException($"{words[0]}: {error.Message}", error);
        }

        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new BrokerChild(process, port);
    }

    /// <summary>True when it accepts connections.</summary>
    public async Task<bool> IsListeningAsync(CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Ends the process and what it has started, and returns when it is gone.</summary>
    public async Task StopAsync(StopSignal signal, CancellationToken cancellationToken)
    {
        if (signal == StopSignal.Terminate)
        {
            _ = SendSignal(_process.Id, SigTerm);
        }
        else
        {
            Kill();
        }

        await _process.WaitForExitAsync(cancellationToken);
    }

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            Kill();
            _process.Dispose();
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int processId, int signal);

    private void Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }
    }
}
