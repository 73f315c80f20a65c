using System.Diagnostics;

namespace Broker.Tests.Clients;

/// <summary>A program that runs beside the test; the test waits for its lines and its end, never for time to pass.</summary>
internal sealed class ToolProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private readonly List<(Predicate<string> Wanted, TaskCompletionSource<string> Found)> _waiters = [];
    private readonly Task _ended;

    private ToolProcess(Process process)
    {
        _process = process;
        _ended = ReadToEndAsync();
    }

    public string Output
    {
        get
        {
            lock (_gate)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    public static ToolProcess Start(string file, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return new ToolProcess(Process.Start(start)!);
    }

    /// <summary>Runs a program to its end, which must be a good one, and returns what it printed.</summary>
    public static async Task<string> RunAsync(string file, params IEnumerable<string> arguments)
    {
        using ToolProcess tool = Start(file, arguments);
        int status = await tool.ExitAsync();
        return status == 0 ? tool.Output : throw new InvalidOperationException($"{tool} ended with {status}:\n{tool.Output}");
    }

    /// <summary>The first line, printed already or to come, that is wanted.</summary>
    public async Task<string> LineAsync(Predicate<string> wanted)
    {
        TaskCompletionSource<string> found = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_lines.Find(wanted) is { } line)
            {
                return line;
            }

            _waiters.Add((wanted, found));
        }

        Task first = await Task.WhenAny(found.Task, _ended).WaitAsync(Patience).ContinueWith(task => task.IsFaulted ? Task.CompletedTask : task.Result);
        return first == found.Task || found.Task.IsCompleted
            ? await found.Task
            : throw new InvalidOperationException($"{this} did not print the line that was waited for, but:\n{Output}");
    }

    public async Task<int> ExitAsync()
    {
        try
        {
            await _ended.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException($"{this} did not end; it printed:\n{Output}");
        }

        return _process.ExitCode;
    }

    /// <summary>Sends SIGTERM, as an init system does.</summary>
    public void Terminate() => Signal("TERM");

    /// <summary>Sends a signal.</summary>
    public void Signal(string name) => Process.Start("kill", [$"-{name}", $"{_process.Id}"]).WaitForExit();

    /// <summary>Sends SIGKILL and waits until the process is gone.</summary>
    public Task KillAsync()
    {
        _process.Kill();
        return ExitAsync();
    }

    public override string ToString() => $"{_process.StartInfo.FileName} {string.Join(' ', _process.StartInfo.ArgumentList)}";

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private async Task ReadToEndAsync()
    {
        await Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));
        await _process.WaitForExitAsync();
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            Add(line);
        }
    }

    private void Add(string line)
    {
        lock (_gate)
        {
            _lines.Add(line);
            foreach ((Predicate<string> wanted, TaskCompletionSource<string> found) in _waiters)
            {
                if (wanted(line))
                {
                    found.TrySetResult(line);
                }
            }
        }
    }
}
