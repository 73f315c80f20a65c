using System.Collections.Concurrent;

namespace Broker.Security;

/// <summary>The address from which each user was let in last.</summary>
internal sealed class KnownAddresses
{
    private const int Maximum = 200_000;

    private readonly ConcurrentDictionary<string, string> _last = new(StringComparer.Ordinal);

    public bool Contains(string user, string? address) => address is not null && _last.TryGetValue(user, out string? last) && last == address;

    public void Add(string user, string address)
    {
        if (_last.Count >= Maximum)
        {
            _last.Clear();
        }

        _last[user] = address;
    }
}
