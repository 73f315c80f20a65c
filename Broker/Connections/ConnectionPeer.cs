using System.Net;
using System.Security.Cryptography.X509Certificates;
using Broker.Configuration;

namespace Broker.Connections;

/// <summary>Where a connection comes from.</summary>
/// <param name="Listener">Name of the listener.</param>
/// <param name="Options">Settings of the listener.</param>
/// <param name="Address">Address of the client, as PROXY protocol told it where that is trusted.</param>
/// <param name="Certificate">The client's certificate, already checked; null without one.</param>
/// <param name="Ticket">Where the listener counts it; null when it counts no half-open connections.</param>
internal readonly record struct ConnectionPeer(
    string Listener, ListenerOptions Options, EndPoint? Address, X509Certificate2? Certificate, IConnectionTicket? Ticket = null);
