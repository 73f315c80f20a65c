using System.Net;

namespace Broker.Transports;

/// <summary>Knows addresses that are not to be heard at all.</summary>
internal interface IAddressGate
{
    /// <summary>Why an address is turned away; null when it is not.</summary>
    string? RefusalOf(IPAddress address);
}
