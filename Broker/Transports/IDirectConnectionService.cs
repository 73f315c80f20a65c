using System.Net;
using Broker.Connections;

namespace Broker.Transports;

/// <summary>A protocol that can also be served without pipes, by a transport that receives and sends by itself.</summary>
internal interface IDirectConnectionService : IConnectionService
{
    /// <summary>A connection that the caller starts, feeds and ends.</summary>
    ClientConnection Create(ListenerContext listener, EndPoint? peer, IConnectionTicket? ticket);
}
