using Broker.Tests.Configuration;
using Broker.Tests.Infrastructure;
using Broker.Tests.Transports;
using NUnit.Framework;

namespace Broker.Tests.Hosting;

/// <summary>Access rules that change count for connected clients too.</summary>
internal sealed class RuleReloadTests
{
    private static readonly byte[] Subscribe = [0x82, 0x0A, 0x00, 0x01, 0x00, 0x05, .. "topic"u8, 0x00];

    private readonly TemporaryDirectory _directory = new();

    [OneTimeTearDown]
    public void DeleteFiles() => _directory.Dispose();

    [TestCase("allow subscribe topic", 1)]
    [TestCase("allow publish topic", 0)]
    public async Task A_subscription_ends_with_the_rule_that_allowed_it(string rule, int left)
    {
        string rules = _directory.Write("acl", "allow all #\n");
        await using ServedBroker broker = await ServedBroker.StartAsync([.. ServedBroker.PlainListener, $"Authorization:AclFile={rules}"]);
        using RawClient client = await broker.OpenAsync();
        await client.SendAsync(ServedBroker.ConnectPacket("c"));
        Assert.That((await client.ReceiveAsync(4))[3], Is.Zero);
        await client.SendAsync(Subscribe);
        Assert.That(await client.ReceiveAsync(5), Is.EqualTo(new byte[] { 0x90, 0x03, 0x00, 0x01, 0x00 }));

        _directory.Write("acl", rule + "\n");
        broker.Reload();

        Assert.That(broker.Broker.Sessions.Find("c")!.SubscriptionCount, Is.EqualTo(left));
        await client.SendAsync(0xC0, 0x00);
        Assert.That(await client.ReceiveAsync(2), Is.EqualTo(new byte[] { 0xD0, 0x00 }));
    }
}
