using System.Net;
using Broker.Security;
using Broker.Transports;

namespace Broker.Hosting;

/// <summary>Turns banned addresses, and those whose logins have failed too often, away where they are accepted, before TLS.</summary>
internal sealed class AddressGate(BanList bans, LoginThrottle? throttle) : IAddressGate
{
    /// <inheritdoc />
    public string? RefusalOf(IPAddress address)
    {
        if (bans.IsBanned(address))
        {
            return "its address is banned";
        }

        return throttle?.IsThrottled(address) == true ? "too many failed logins from its address" : null;
    }
}
