using System.Net;
using System.Net.Sockets;
using Broker.Configuration;
using Broker.Transports;
using NUnit.Framework;

namespace Broker.Tests.Transports;

internal sealed class ListenerSocketTests
{
    [TestCase(true)]
    [TestCase(false)]
    public void Two_brokers_never_share_a_port(bool reuseAddress)
    {
        var options = new ListenerOptions { ReuseAddress = reuseAddress };
        using Socket first = ListenerSocket.Open(IPAddress.Loopback, 0, options);
        int port = ((IPEndPoint)first.LocalEndPoint!).Port;
        Assert.That(
            () => ListenerSocket.Open(IPAddress.Loopback, port, options),
            Throws.TypeOf<ListenerStartException>().With.Message.Contains("in use"));
    }

    [Test]
    public void An_address_of_another_host_is_named_as_such() => Assert.That(
        () => ListenerSocket.Open(IPAddress.Parse("192.0.2.1"), 0, new ListenerOptions()),
        Throws.TypeOf<ListenerStartException>().With.Message.Contains("does not have the address"));

    [Test]
    public void Buffer_sizes_are_passed_on_to_accepted_sockets()
    {
        var options = new ListenerOptions { SendBufferBytes = 32 * 1024, ReceiveBufferBytes = 32 * 1024 };
        using Socket listener = ListenerSocket.Open(IPAddress.Loopback, 0, options);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);
        using Socket accepted = listener.Accept();
        // Linux doubles what it is told
        Assert.That((accepted.SendBufferSize, accepted.ReceiveBufferSize), Is.EqualTo((64 * 1024, 64 * 1024)));
    }
}
