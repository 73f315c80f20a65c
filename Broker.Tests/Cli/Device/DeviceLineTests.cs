using System.Text;
using System.Threading.Channels;
using Broker.Cli.Device;
using NUnit.Framework;

namespace Broker.Tests.Cli.Device;

internal sealed class DeviceLineTests
{
    [TestCase("hello", "hello")]
    [TestCase("hello\r", "hello")]
    [TestCase(" a b ", " a b ")]
    [TestCase("", "")]
    public void Text_is_sent_as_it_is(string line, string payload)
    {
        Assert.That(DeviceLine.TryParse(Encoding.UTF8.GetBytes(line), hex: false, out var bytes, out _));
        Assert.That(Encoding.UTF8.GetString(bytes), Is.EqualTo(payload));
    }

    [TestCase("0a0B", new byte[] { 10, 11 })]
    [TestCase("0a 0b\t0c:0d\r", new byte[] { 10, 11, 12, 13 })]
    [TestCase("", new byte[0])]
    public void Hex_is_read(string line, byte[] payload)
    {
        Assert.That(DeviceLine.TryParse(Encoding.UTF8.GetBytes(line), hex: true, out var bytes, out _));
        Assert.That(bytes, Is.EqualTo(payload));
    }

    [TestCase("0")]
    [TestCase("0g")]
    [TestCase("zz")]
    [TestCase("é0")]
    public void Bad_hex_is_refused(string line) =>
        Assert.That(DeviceLine.TryParse(Encoding.UTF8.GetBytes(line), hex: true, out _, out _), Is.False);

    [Test]
    public void A_payload_that_no_frame_can_hold_is_refused()
    {
        Assert.That(DeviceLine.TryParse(new byte[65535], hex: false, out _, out _));
        Assert.That(DeviceLine.TryParse(new byte[65536], hex: false, out _, out _), Is.False);
    }

    [Test]
    public void Downlinks_are_lines_of_bytes_or_hex()
    {
        Assert.That(DeviceLine.Format([0xFF, 0x0A], hex: false), Is.EqualTo(new byte[] { 0xFF, 0x0A, 0x0A }));
        Assert.That(Encoding.ASCII.GetString(DeviceLine.Format([0xFF, 0x0A], hex: true)), Is.EqualTo("ff0a\n"));
    }

    [Test]
    public async Task Standard_input_becomes_uplinks_and_bad_lines_are_named()
    {
        using var input = new MemoryStream("61\nxx\n\n62"u8.ToArray());
        using var errors = new StringWriter();
        var reader = new UplinkReader(input, hex: true, new DeviceConsole(Stream.Null, errors, hex: true, quiet: true));
        var uplinks = Channel.CreateUnbounded<byte[]>();

        await reader.ReadAsync(uplinks.Writer, CancellationToken.None);

        var payloads = await uplinks.Reader.ReadAllAsync().Select(Convert.ToHexString).ToArrayAsync();
        Assert.That(payloads, Is.EqualTo(new[] { "61", "", "62" }));
        Assert.That(reader.HasRefusedLines);
        Assert.That(errors.ToString(), Does.StartWith("Line 2 is not sent"));
    }

    [Test]
    public async Task A_line_without_end_stops_the_reading()
    {
        using var input = new MemoryStream(new byte[1024 * 1024]);
        var reader = new UplinkReader(input, hex: false, new DeviceConsole(Stream.Null, TextWriter.Null, hex: false, quiet: true));
        var uplinks = Channel.CreateUnbounded<byte[]>();

        await reader.ReadAsync(uplinks.Writer, CancellationToken.None);

        Assert.That(reader.HasRefusedLines);
        Assert.That(uplinks.Reader.Completion.IsCompleted);
    }
}
