using System.Buffers;
using System.Text;
using Broker.Protocols.PrivateTcp;
using FsCheck;

namespace Broker.Tests.Protocols.PrivateTcp;

internal sealed class PrivateFramePropertyTests
{
    [FsCheck.NUnit.Property]
    public bool Reading_what_was_written_gives_the_same_Connect(byte keepAlive, NonEmptyString id, string? user, byte[]? password, bool legacy)
    {
        var written = new ConnectFrame
        {
            Version = legacy ? ConnectFrame.LegacyVersion : ConnectFrame.SupportedVersion,
            KeepAliveSeconds = keepAlive,
            ClientId = WellFormed(id.Get),
            Username = user is null ? null : WellFormed(user),
            Password = user is null || password is null ? null : Encoding.UTF8.GetBytes(Convert.ToHexString(password)),
        };
        var output = new ArrayBufferWriter<byte>();
        PrivateFrameWriter.WriteConnect(written, output);
        PrivateFrame.TryRead(output.WrittenSpan, PrivateFrame.MaximumPayloadLength, out var frame, out _);
        var read = ConnectFrame.Read(frame, acceptLegacy: true);

        return frame.Length == output.WrittenCount
            && (read.Version, read.KeepAliveSeconds, read.ClientId, read.Username)
                == (written.Version, written.KeepAliveSeconds, written.ClientId, written.Username)
            && (read.Password is null) == (written.Password is null)
            && read.Password.AsSpan().SequenceEqual(written.Password);
    }

    [FsCheck.NUnit.Property]
    public bool Any_split_of_the_stream_gives_the_same_frames(byte[][] payloads, PositiveInt[] pieces)
    {
        var stream = new ArrayBufferWriter<byte>();
        var expected = new List<string>();
        foreach (var payload in payloads.Select(p => p ?? []))
        {
            PrivateFrameWriter.WriteDataTrans(payload, stream);
            PrivateFrameWriter.WritePing(stream);
            expected.Add("DataTrans " + Convert.ToHexString(payload));
            expected.Add("Ping ");
        }

        var received = new List<byte>();
        var frames = new List<string>();
        var rest = stream.WrittenSpan;
        for (var i = 0; !rest.IsEmpty; i++)
        {
            var take = Math.Min(rest.Length, pieces.Length == 0 ? 1 : pieces[i % pieces.Length].Get);
            received.AddRange(rest[..take]);
            rest = rest[take..];
            Drain(received, frames);
        }

        return received.Count == 0 && frames.SequenceEqual(expected);
    }

    [FsCheck.NUnit.Property(MaxTest = 1000)]
    public bool Random_bytes_throw_nothing_but_the_protocol_exception(byte[] bytes, bool acceptLegacy)
    {
        ReadAny(bytes, acceptLegacy);
        ReadAny([0x11, 0, (byte)Math.Min(bytes.Length, 255), .. bytes], acceptLegacy);
        return true;
    }

    [FsCheck.NUnit.Property]
    public bool NeedMore_never_asks_for_less_than_it_was_given(byte[] bytes)
    {
        var status = PrivateFrame.TryRead(bytes, PrivateFrame.MaximumPayloadLength, out var frame, out var needed);
        return status switch
        {
            FrameStatus.NeedMore => needed > bytes.Length,
            FrameStatus.Done => frame.Length <= bytes.Length && frame.Length > 0,
            _ => true,
        };
    }

    private static void Drain(List<byte> received, List<string> frames)
    {
        while (PrivateFrame.TryRead(received.ToArray(), PrivateFrame.MaximumPayloadLength, out var frame, out _) == FrameStatus.Done)
        {
            frames.Add($"{frame.Type} {Convert.ToHexString(frame.Payload)}");
            received.RemoveRange(0, frame.Length);
        }
    }

    private static void ReadAny(byte[] bytes, bool acceptLegacy)
    {
        try
        {
            if (PrivateFrame.TryRead(bytes, PrivateFrame.MaximumPayloadLength, out var frame, out _) == FrameStatus.Done)
            {
                ConnectFrame.Read(frame, acceptLegacy);
            }
        }
        catch (PrivateTcpProtocolException)
        {
            // the one exception that a peer's bytes may cause
        }
    }

    // FsCheck's strings may hold unpaired surrogates, which UTF-8 cannot express.
    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
