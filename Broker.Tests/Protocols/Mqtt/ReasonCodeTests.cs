using Broker.Protocols.Mqtt;
using Broker.Tests.Conformance;
using NUnit.Framework;

namespace Broker.Tests.Protocols.Mqtt;

/// <summary>The code tables of the specification, byte by byte.</summary>
public class ReasonCodeTests
{
    [TestCase(PacketType.ConnAck, "00 80 81 82 83 84 85 86 87 88 89 8A 8C 90 95 97 99 9A 9B 9C 9D 9F", TestName = "CONNACK_MQTT_3_2_2_8")]
    [TestCase(PacketType.PubAck, "00 10 80 83 87 90 91 97 99", TestName = "PUBACK_MQTT_3_4_2_1")]
    [TestCase(PacketType.PubRec, "00 10 80 83 87 90 91 97 99", TestName = "PUBREC_MQTT_3_5_2_1")]
    [TestCase(PacketType.PubRel, "00 92", TestName = "PUBREL_MQTT_3_6_2_1")]
    [TestCase(PacketType.PubComp, "00 92", TestName = "PUBCOMP_MQTT_3_7_2_1")]
    [TestCase(PacketType.SubAck, "00 01 02 80 83 87 8F 91 97 9E A1 A2", TestName = "SUBACK_MQTT_3_9_3_2")]
    [TestCase(PacketType.UnsubAck, "00 11 80 83 87 8F 91", TestName = "UNSUBACK_MQTT_3_11_3_2")]
    [TestCase(
        PacketType.Disconnect,
        "00 04 80 81 82 83 87 89 8B 8D 8E 8F 90 93 94 95 96 97 98 99 9A 9B 9C 9D 9E 9F A0 A1 A2",
        TestName = "DISCONNECT_MQTT_3_14_2_1")]
    [TestCase(PacketType.Auth, "00 18 19", TestName = "AUTH_MQTT_3_15_2_1")]
    [TestCase(PacketType.Publish, "", TestName = "PUBLISH_has_no_code")]
    public void Codes_of(object type, string codes)
    {
        var allowed = Enumerable.Range(0, 256).Where(code => ((ReasonCode)code).IsAllowedIn((PacketType)type));
        Assert.That(string.Join(' ', allowed.Select(code => code.ToString("X2", null))), Is.EqualTo(codes));
    }

    [TestCase(ReasonCode.Success, ConnectReturnCode.Accepted)]
    [TestCase(ReasonCode.UnsupportedProtocolVersion, ConnectReturnCode.UnacceptableProtocolVersion)]
    [TestCase(ReasonCode.ClientIdentifierNotValid, ConnectReturnCode.IdentifierRejected)]
    [TestCase(ReasonCode.ServerBusy, ConnectReturnCode.ServerUnavailable)]
    [TestCase(ReasonCode.BadUserNameOrPassword, ConnectReturnCode.NotAuthorized)]
    [TestCase(ReasonCode.NotAuthorized, ConnectReturnCode.NotAuthorized)]
    public void Reason_codes_have_return_codes_before_5(object code, object expected)
    {
        Assert.That(((ReasonCode)code).TryGetReturnCode(out var returnCode));
        Assert.That(returnCode, Is.EqualTo(expected));
    }

    [TestCase(ReasonCode.MalformedPacket)]
    [TestCase(ReasonCode.ProtocolError)]
    [Statement("3.1.1", "MQTT-3.2.2-6", "MQTT-3.1.4-1")]
    public void Faults_have_no_return_code(object code) =>
        Assert.That(((ReasonCode)code).TryGetReturnCode(out _), Is.False);
}
