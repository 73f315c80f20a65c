using Broker.Primitives;
using Broker.Protocols.Mqtt;
using NUnit.Framework;

namespace Broker.Tests.Gateways.PrivateTcp;

internal sealed class UserPropertyEncodingTests
{
    [Test]
    public void What_is_encoded_is_read_as_MQTT_5_properties()
    {
        byte[] encoded = UserPropertyEncoding.Encode([new("clientid", "Gerät-7"), new("", ""), new("peer", "[2001:db8::1]:5")]);

        Assert.That(
            PublishProperties.Read(encoded).UserProperties,
            Is.EqualTo(new UserProperty[] { new("clientid", "Gerät-7"), new("", ""), new("peer", "[2001:db8::1]:5") }));
    }
}
