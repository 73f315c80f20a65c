using Broker.Configuration;
using Broker.Gateways.PrivateTcp;
using NUnit.Framework;

namespace Broker.Tests.Gateways.PrivateTcp;

internal sealed class PrivateTcpSettingsTests
{
    [TestCase("tcp/%c/up", ExpectedResult = true)]
    [TestCase("a/%u", ExpectedResult = true)]
    [TestCase("", ExpectedResult = false)]
    [TestCase("a/%x", ExpectedResult = false)]
    [TestCase("a/+", ExpectedResult = false)]
    [TestCase("$SYS/%c", ExpectedResult = false)]
    [TestCase("$share/g/%c", ExpectedResult = false)]
    public bool A_bad_template_is_reported(string template) =>
        PrivateTcpGateway.FindFault(new PrivateTcpOptions { UplinkTopic = template }) is null
        && PrivateTcpGateway.FindFault(new PrivateTcpOptions { DownlinkTopic = template }) is null;
}
