using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Broker.Configuration;
using Broker.Core.Ports;

namespace Broker.Security;

/// <summary>Who is banned, by ClientId, user and address, and until when.</summary>
internal sealed class BanList : IBanList
{
    private const int ManyBans = 10_000;

    private readonly ConcurrentDictionary<(BanKind Kind, string Value), Ban> _bans = new();
    private readonly HashSet<(BanKind Kind, string Value)> _kept = [];
    private readonly IRecordFile<Ban>? _file;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private volatile NetworkBan[] _networks = [];
    private int _cleanAt = ManyBans;

    /// <param name="options">Bans of the configuration.</param>
    /// <param name="time">When bans end.</param>
    /// <param name="file">Where bans that operators set are kept; null where nothing outlives the process.</param>
    public BanList(BanOptions options, TimeProvider time, IRecordFile<Ban>? file = null)
    {
        _time = time;
        _file = file;
        foreach (Ban ban in Configured(options))
        {
            TryAdd(ban);
        }
    }

    /// <summary>What a banned client is told.</summary>
    public static AuthenticationResult Refusal { get; } = new(AuthenticationOutcome.Banned, "banned");

    /// <summary>Puts in force again what an earlier process has kept.</summary>
    public void Restore()
    {
        lock (_gate)
        {
            foreach (Ban ban in _file?.Load() ?? [])
            {
                _kept.Add((ban.Kind, ban.Value));
                TryAdd(ban);
            }
        }
    }

    /// <inheritdoc />
    public IReadOnlyList<Ban> All => [.. _bans.Values.Where(IsInForce).OrderBy(ban => ban.Kind).ThenBy(ban => ban.Value, StringComparer.Ordinal)];

    /// <inheritdoc />
    public bool TryAdd(Ban ban)
    {
        lock (_gate)
        {
            Clean();
            if (ban.Kind == BanKind.Network && !TryParse(ban.Value, out _))
            {
                return false;
            }

            _bans[(ban.Kind, ban.Value)] = ban;
            RefreshNetworks(ban.Kind);
            return true;
        }
    }

    /// <inheritdoc />
    public bool TryKeep(Ban ban, out string? unsaved)
    {
        lock (_gate)
        {
            unsaved = null;
            if (!TryAdd(ban))
            {
                return false;
            }

            _kept.Add((ban.Kind, ban.Value));
            unsaved = Save();
            return true;
        }
    }

    /// <inheritdoc />
    public bool Remove(BanKind kind, string value, out string? unsaved)
    {
        lock (_gate)
        {
            bool removed = _bans.TryRemove((kind, value), out Ban? ban) && IsInForce(ban);
            RefreshNetworks(kind);
            unsaved = _kept.Remove((kind, value)) ? Save() : null;
            return removed;
        }
    }

    /// <inheritdoc />
    public bool Contains(string clientId, string? username, EndPoint? peer) =>
        IsBanned(BanKind.ClientId, clientId) || IsBanned(BanKind.User, username) || (peer is IPEndPoint { Address: var address } && IsBanned(address));

    /// <summary>True when what the client says of itself is banned.</summary>
    public bool Contains(AuthenticationRequest request) => Contains(request.ClientId, request.Username, request.Peer);

    /// <summary>The result, unless it names a banned user.</summary>
    public AuthenticationResult Filter(AuthenticationResult result) =>
        result.Outcome == AuthenticationOutcome.Accepted && IsBanned(BanKind.User, result.Username) ? Refusal : result;

    /// <summary>True when an address is banned.</summary>
    public bool IsBanned(IPAddress address)
    {
        NetworkBan[] networks = _networks;
        if (networks.Length == 0)
        {
            return false;
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Array.Exists(networks, each => each.Network.Contains(address) && IsInForce(each.Ban));
    }

    // Why it could not be done; null when it was.
    private string? Save()
    {
        try
        {
            _file?.Save(All.Where(ban => _kept.Contains((ban.Kind, ban.Value))));
            return null;
        }
        catch (IOException fault)
        {
            return fault.Message;
        }
    }

    private bool IsBanned(BanKind kind, string? value) => value is not null && _bans.TryGetValue((kind, value), out Ban? ban) && IsInForce(ban);

    private bool IsInForce(Ban ban) => ban.Until is not { } until || _time.GetUtcNow() < until;

    private void RefreshNetworks(BanKind kind)
    {
        if (kind == BanKind.Network)
        {
            _networks = [.. _bans.Values.Where(ban => ban.Kind == BanKind.Network).Select(ban => new NetworkBan(Parse(ban.Value), ban))];
        }
    }

    // Bans that have ended are looked for each time the number of bans has doubled.
    private void Clean()
    {
        if (_bans.Count < _cleanAt)
        {
            return;
        }

        foreach ((var key, Ban ban) in _bans)
        {
            if (!IsInForce(ban))
            {
                _bans.TryRemove(key, out _);
            }
        }

        _cleanAt = Math.Max(ManyBans, _bans.Count * 2);
        RefreshNetworks(BanKind.Network);
    }

    private static IEnumerable<Ban> Configured(BanOptions options) =>
    [
        .. options.ClientIds.Select(static id => new Ban(BanKind.ClientId, id)),
        .. options.Users.Select(static user => new Ban(BanKind.User, user)),
        .. options.Networks.Select(static network => new Ban(BanKind.Network, network)),
        .. options.Entries.SelectMany(FromEntry),
    ];

    private static IEnumerable<Ban> FromEntry(BanEntryOptions entry)
    {
        DateTimeOffset? until = entry.Until is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : null;
        foreach ((BanKind kind, string? value) in ((BanKind, string?)[])
            [(BanKind.ClientId, entry.ClientId), (BanKind.User, entry.User), (BanKind.Network, entry.Network)])
        {
            if (value is not null)
            {
                yield return new Ban(kind, value, until, entry.Reason);
            }
        }
    }

    private static IPNetwork Parse(string text) => TryParse(text, out IPNetwork network) ? network : throw new FormatException(text);

    private static bool TryParse(string text, out IPNetwork network)
    {
        if (IPAddress.TryParse(text, out IPAddress? address))
        {
            network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
            return true;
        }

        return IPNetwork.TryParse(text, out network);
    }

    private readonly record struct NetworkBan(IPNetwork Network, Ban Ban);
}
