using System.Globalization;
using System.Net;

namespace Broker.Benchmarks.Attacks;

/// <summary>Where the attacked broker listens, and the files of its operator that an attacker of some attacks has got hold of.</summary>
/// <param name="Ports">Ports by the name of the listener.</param>
/// <param name="Files">Files made for the run.</param>
internal sealed record AttackTarget(IReadOnlyDictionary<string, int> Ports, AttackFiles Files)
{
    private const int AddressesPerBlock = 250;

    /// <summary>One of many addresses of the attacker; the healthy clients use 127.0.0.1.</summary>
    public static IPAddress Attacker(int index) =>
        new([127, 0, (byte)(1 + (index / AddressesPerBlock % AddressesPerBlock)), (byte)(1 + (index % AddressesPerBlock))]);

    /// <summary>Opens a connection to a listener.</summary>
    public Task<AttackConnection> ConnectAsync(string listener, int from, CancellationToken cancellationToken) =>
        AttackConnection.OpenAsync(Ports[listener], Attacker(from), cancellationToken);

    /// <summary>The arguments that tell another process.</summary>
    public IEnumerable<string> ToArguments() =>
        [Files.Directory, .. Ports.Select(port => string.Create(CultureInfo.InvariantCulture, $"{port.Key}={port.Value}"))];

    /// <summary>Reads what <see cref="ToArguments"/> has written.</summary>
    public static AttackTarget Parse(ReadOnlySpan<string> arguments)
    {
        var ports = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var each in arguments[1..])
        {
            var (name, port) = (each[..each.IndexOf('=')], each[(each.IndexOf('=') + 1)..]);
            ports[name] = int.Parse(port, CultureInfo.InvariantCulture);
        }

        return new AttackTarget(ports, new AttackFiles(arguments[0]));
    }
}
