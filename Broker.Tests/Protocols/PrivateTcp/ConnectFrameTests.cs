using Broker.Protocols.PrivateTcp;
using NUnit.Framework;

namespace Broker.Tests.Protocols.PrivateTcp;

internal sealed class ConnectFrameTests
{
    [Test]
    public void Connect_vector_is_read()
    {
        var connect = Read(PrivateTcpVectors.Connect);

        Assert.That(connect.Version, Is.EqualTo(1));
        Assert.That(connect.KeepAliveSeconds, Is.EqualTo(60));
        Assert.That(connect.ClientId, Is.EqualTo("abcd"));
        Assert.That(connect.Username, Is.Null);
        Assert.That(connect.Password, Is.Null);
    }

    [Test]
    public void Connect_vector_with_credentials_is_read()
    {
        var connect = Read(PrivateTcpVectors.ConnectWithCredentials);

        Assert.That(connect.ClientId, Is.EqualTo("abcd"));
        Assert.That(connect.Username, Is.EqualTo("abcd"));
        Assert.That(connect.Password, Is.EqualTo("abcd"u8.ToArray()));
    }

    [Test]
    public void Username_may_come_without_a_password_and_both_may_be_empty()
    {
        Assert.That(Read("11 00 08 00 00 01 61 00 02 62 63").Password, Is.Null);
        var empty = Read("11 00 08 00 00 01 61 00 00 00 00");
        Assert.That(empty.Username, Is.Empty);
        Assert.That(empty.Password, Is.Empty);
    }

    [Test]
    public void Legacy_dialect_is_the_same_frame_behind_0x10()
    {
        var connect = Read(PrivateTcpVectors.LegacyConnect);

        Assert.That(connect.Version, Is.EqualTo(ConnectFrame.LegacyVersion));
        Assert.That(connect.ClientId, Is.EqualTo("abcd"));
    }

    [Test]
    public void Decision2_legacy_dialect_is_another_version_where_it_is_not_accepted() =>
        Assert.That(ErrorOf(PrivateTcpVectors.LegacyConnect, acceptLegacy: false), Is.EqualTo(PrivateTcpError.UnsupportedVersion));

    [Test]
    public void Decision2_other_versions_are_told_the_supported_one([Range(2, 15)] int version)
    {
        var thrown = Assert.Throws<PrivateTcpProtocolException>(() => Read([(byte)(0x10 | version), 0, 1, 0xFF]))!;

        Assert.That(thrown.Error, Is.EqualTo(PrivateTcpError.UnsupportedVersion));
        Assert.That(thrown.Message, Does.Contain("only 1"));
    }

    [TestCase("11 00 00", TestName = "Decision1_no_keepalive")]
    [TestCase("11 00 01 3c", TestName = "Decision1_no_ClientId")]
    [TestCase("11 00 02 3c 00", TestName = "Decision1_half_a_length")]
    [TestCase("11 00 06 3c 00 04 61 62 63", TestName = "Decision1_short_ClientId")]
    [TestCase("11 00 03 3c 00 00", TestName = "Decision1_empty_ClientId")]
    [TestCase("11 00 05 3c 00 01 61 00", TestName = "Decision1_half_a_Username_length")]
    [TestCase("11 00 07 3c 00 01 61 00 02 62", TestName = "Decision1_short_Username")]
    [TestCase("11 00 09 3c 00 01 61 00 01 62 00 01", TestName = "Decision1_short_Password")]
    [TestCase("11 00 0b 3c 00 01 61 00 01 62 00 01 63 64", TestName = "Decision1_trailing_byte")]
    [TestCase("11 00 05 3c 00 02 c0 80", TestName = "Decision1_overlong_ClientId")]
    [TestCase("11 00 06 3c 00 03 ed a0 80", TestName = "Decision1_surrogate_in_ClientId")]
    [TestCase("11 00 07 3c 00 01 61 00 01 ff", TestName = "Decision1_ill_formed_Username")]
    [TestCase("11 00 0a 3c 00 01 61 00 01 62 00 01 ff", TestName = "Decision1_ill_formed_Password")]
    [TestCase("30 00 04 61 62 63 64", TestName = "Decision1_DATATRANS_first")]
    [TestCase("40", TestName = "Decision1_PING_first")]
    [TestCase("21 00 00", TestName = "Decision1_CONNACK_first")]
    public void Decision1_malformed(string hex) =>
        Assert.That(ErrorOf(PrivateTcpVectors.Bytes(hex)), Is.EqualTo(PrivateTcpError.MalformedConnect));

    private static ConnectFrame Read(string hex) => Read(PrivateTcpVectors.Bytes(hex));

    private static ConnectFrame Read(byte[] bytes, bool acceptLegacy = true)
    {
        var status = PrivateFrame.TryRead(bytes, PrivateFrame.MaximumPayloadLength, out var frame, out _);
        Assert.That(status, Is.EqualTo(FrameStatus.Done));
        Assert.That(frame.Length, Is.EqualTo(bytes.Length));
        return ConnectFrame.Read(frame, acceptLegacy);
    }

    private static PrivateTcpError ErrorOf(byte[] bytes, bool acceptLegacy = true) =>
        Assert.Throws<PrivateTcpProtocolException>(() => Read(bytes, acceptLegacy))!.Error;
}
