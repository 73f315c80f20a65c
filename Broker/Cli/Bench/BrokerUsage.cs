using System.Globalization;

namespace Broker.Cli.Bench;

/// <summary>CPU time and memory of the broker's process, as Linux tells it.</summary>
/// <param name="CpuSeconds">User and system time; it advances in steps of 10 ms.</param>
/// <param name="ResidentKib">Resident memory.</param>
/// <param name="PeakKib">Highest resident memory so far.</param>
internal readonly record struct BrokerUsage(double CpuSeconds, long ResidentKib, long PeakKib)
{
    private const double TicksPerSecond = 100;

    /// <summary>Reads /proc; null when there is no such process, or no /proc.</summary>
    public static BrokerUsage? Read(int processId)
    {
        if (processId == 0)
        {
            return null;
        }

        try
        {
            var folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}");
            return Parse(File.ReadAllText($"{folder}/stat"), File.ReadAllText($"{folder}/status"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads the text of `stat` and `status` (proc(5)).</summary>
    public static BrokerUsage Parse(string stat, string status)
    {
        // The name of the program, in parentheses, may contain anything; utime and stime are the 12th and 13th field behind it.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return new BrokerUsage(ticks / TicksPerSecond, Field(status, "VmRSS:"), Field(status, "VmHWM:"));
    }

    private static long Field(string status, string name)
    {
        foreach (var line in status.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(name))
            {
                return long.Parse(line[name.Length..].TrimEnd("kB").Trim(), CultureInfo.InvariantCulture);
            }
        }

        return 0;
    }
}
