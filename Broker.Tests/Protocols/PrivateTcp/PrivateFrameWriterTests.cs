using System.Buffers;
using Broker.Protocols.PrivateTcp;
using NUnit.Framework;

namespace Broker.Tests.Protocols.PrivateTcp;

internal sealed class PrivateFrameWriterTests
{
    private readonly ArrayBufferWriter<byte> _output = new();

    [SetUp]
    public void Clear() => _output.ResetWrittenCount();

    [Test]
    public void Connect_vectors_are_written()
    {
        PrivateFrameWriter.WriteConnect(new ConnectFrame { KeepAliveSeconds = 60, ClientId = "abcd" }, _output);
        Assert.That(_output.WrittenSpan.ToArray(), Is.EqualTo(PrivateTcpVectors.Connect));

        _output.ResetWrittenCount();
        PrivateFrameWriter.WriteConnect(
            new ConnectFrame { KeepAliveSeconds = 60, ClientId = "abcd", Username = "abcd", Password = "abcd"u8.ToArray() }, _output);
        Assert.That(_output.WrittenSpan.ToArray(), Is.EqualTo(PrivateTcpVectors.ConnectWithCredentials));
    }

    [Test]
    public void Connect_of_the_legacy_dialect_is_written()
    {
        PrivateFrameWriter.WriteConnect(
            new ConnectFrame { Version = ConnectFrame.LegacyVersion, KeepAliveSeconds = 60, ClientId = "abcd" }, _output);

        Assert.That(_output.WrittenSpan.ToArray(), Is.EqualTo(PrivateTcpVectors.LegacyConnect));
    }

    [Test]
    public void ConnAck_vectors_are_written()
    {
        PrivateFrameWriter.WriteConnAck(ConnAckCode.Success, "Connect Successfully"u8, _output);
        Assert.That(_output.WrittenSpan.ToArray(), Is.EqualTo(PrivateTcpVectors.ConnAckSuccess));

        _output.ResetWrittenCount();
        PrivateFrameWriter.WriteConnAck(ConnAckCode.AuthenticationFailed, default, _output);
        Assert.That(_output.WrittenSpan.ToArray(), Is.EqualTo(PrivateTcpVectors.ConnAckAuthenticationFailed));
    }

    [Test]
    public void DataTrans_vector_is_written_whole_and_as_a_header()
    {
        PrivateFrameWriter.WriteDataTrans("abcd"u8, _output);
        Assert.That(_output.WrittenSpan.ToArray(), Is.EqualTo(PrivateTcpVectors.DataTrans));

        var header = new byte[PrivateFrame.HeaderLength];
        PrivateFrameWriter.WriteDataTransHeader(header, 0x1234);
        Assert.That(header, Is.EqualTo(new byte[] { 0x30, 0x12, 0x34 }));
    }

    [Test]
    public void One_byte_frames_are_written()
    {
        PrivateFrameWriter.WritePing(_output);
        PrivateFrameWriter.WritePong(_output);
        PrivateFrameWriter.WriteDisconnect(_output);

        Assert.That(_output.WrittenSpan.ToArray(), Is.EqualTo(new byte[] { 0x40, 0x50, 0x60 }));
    }

    [Test]
    public void Decision10_an_empty_payload_has_Len_0_and_65535_bytes_are_the_most()
    {
        PrivateFrameWriter.WriteDataTrans(default, _output);
        Assert.That(_output.WrittenSpan.ToArray(), Is.EqualTo(new byte[] { 0x30, 0, 0 }));

        _output.ResetWrittenCount();
        PrivateFrameWriter.WriteDataTrans(new byte[65535], _output);
        Assert.That(_output.WrittenSpan[..3].ToArray(), Is.EqualTo(new byte[] { 0x30, 0xFF, 0xFF }));
        Assert.That(() => PrivateFrameWriter.WriteDataTrans(new byte[65536], _output), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Connect_that_cannot_be_expressed_is_refused()
    {
        var passwordOnly = new ConnectFrame { ClientId = "a", Password = [1] };
        var tooLong = new ConnectFrame { ClientId = new string('a', 65533) };

        Assert.That(() => PrivateFrameWriter.WriteConnect(passwordOnly, _output), Throws.ArgumentException);
        Assert.That(() => PrivateFrameWriter.WriteConnect(tooLong, _output), Throws.ArgumentException);
        Assert.That(_output.WrittenCount, Is.Zero);
    }
}
