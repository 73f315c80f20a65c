using Broker.Protocols.PrivateTcp;
using NUnit.Framework;

namespace Broker.Tests.Protocols.PrivateTcp;

internal sealed class PrivateFrameTests
{
    private const int Maximum = PrivateFrame.MaximumPayloadLength;

    [Test]
    public void DataTrans_vector_is_read()
    {
        var status = PrivateFrame.TryRead(PrivateTcpVectors.DataTrans, Maximum, out var frame, out _);

        Assert.That(status, Is.EqualTo(FrameStatus.Done));
        Assert.That(frame.Type, Is.EqualTo(FrameType.DataTrans));
        Assert.That(frame.Payload.ToArray(), Is.EqualTo("abcd"u8.ToArray()));
        Assert.That(frame.Length, Is.EqualTo(7));
    }

    [TestCase("20 00 14 43 6f 6e 6e 65 63 74 20 53 75 63 63 65 73 73 66 75 6c 6c 79", ConnAckCode.Success, "Connect Successfully")]
    [TestCase("21 00 00", ConnAckCode.AuthenticationFailed, "")]
    public void ConnAck_vectors_are_read(string hex, ConnAckCode code, string message)
    {
        var status = PrivateFrame.TryRead(PrivateTcpVectors.Bytes(hex), Maximum, out var frame, out _);

        Assert.That(status, Is.EqualTo(FrameStatus.Done));
        Assert.That(frame.Type, Is.EqualTo(FrameType.ConnAck));
        Assert.That((ConnAckCode)frame.Flags, Is.EqualTo(code));
        Assert.That(System.Text.Encoding.UTF8.GetString(frame.Payload), Is.EqualTo(message));
    }

    [TestCase(0x40, FrameType.Ping, true)]
    [TestCase(0x50, FrameType.Pong, false)]
    [TestCase(0x60, FrameType.Disconnect, true)]
    public void One_byte_frames_have_no_length(byte first, FrameType type, bool fromDevice)
    {
        var status = PrivateFrame.TryRead([first, 0xFF, 0xFF], 0, out var frame, out _);

        Assert.That(status, Is.EqualTo(FrameStatus.Done));
        Assert.That(frame.Type, Is.EqualTo(type));
        Assert.That(frame.Length, Is.EqualTo(1));
        Assert.That(frame.Payload.IsEmpty);
        Assert.That(frame.IsFromDevice, Is.EqualTo(fromDevice));
    }

    [TestCase("", 1)]
    [TestCase("30", 3)]
    [TestCase("30 01", 3)]
    [TestCase("30 01 02", 3 + 0x102)]
    [TestCase("30 00 04 61 62 63", 7)]
    [TestCase("1f", 3)]
    public void Incomplete_frame_says_how_much_is_needed(string hex, int expected)
    {
        var status = PrivateFrame.TryRead(PrivateTcpVectors.Bytes(hex), Maximum, out _, out var needed);

        Assert.That(status, Is.EqualTo(FrameStatus.NeedMore));
        Assert.That(needed, Is.EqualTo(expected));
    }

    [TestCase(16, FrameStatus.NeedMore)]
    [TestCase(15, FrameStatus.TooLarge)]
    public void Length_above_the_maximum_is_refused_from_the_header(int maximum, FrameStatus expected) =>
        Assert.That(PrivateFrame.TryRead([0x30, 0x00, 0x10], maximum, out _, out _), Is.EqualTo(expected));

    [Test]
    public void Decision4_reserved_types_are_refused_from_the_first_byte([Values(0, 7, 8, 9, 10, 11, 12, 13, 14, 15)] int type) =>
        Assert.That(PrivateFrame.TryRead([(byte)(type << 4)], Maximum, out _, out _), Is.EqualTo(FrameStatus.ReservedType));

    [TestCase(0x31)]
    [TestCase(0x38)]
    [TestCase(0x41)]
    [TestCase(0x52)]
    [TestCase(0x6F)]
    public void Decision4_nonzero_flags_are_refused_from_the_first_byte(byte first) =>
        Assert.That(PrivateFrame.TryRead([first], Maximum, out _, out _), Is.EqualTo(FrameStatus.InvalidFlags));

    [TestCase(FrameStatus.TooLarge, PrivateTcpError.FrameTooLarge)]
    [TestCase(FrameStatus.ReservedType, PrivateTcpError.ReservedType)]
    [TestCase(FrameStatus.InvalidFlags, PrivateTcpError.InvalidFlags)]
    public void Refusals_become_exceptions_that_name_the_first_byte(FrameStatus status, PrivateTcpError error)
    {
        var thrown = Assert.Throws<PrivateTcpProtocolException>(() => PrivateTcpProtocolException.ThrowInvalidFrame(status, 0x7A))!;

        Assert.That(thrown.Error, Is.EqualTo(error));
        Assert.That(thrown.Message, Does.Contain("0x7a"));
    }
}
