using System.Buffers;
using System.Net;
using System.Text;
using Broker.Transports.Proxy;
using NUnit.Framework;
using PropertyAttribute = FsCheck.NUnit.PropertyAttribute;

namespace Broker.Tests.Transports;

internal sealed class ProxyHeaderTests
{
    private const string Signature = "0D0A0D0A000D0A515549540A";

    private static readonly object?[][] Headers =
    [
        [Text("PROXY TCP4 192.0.2.1 198.51.100.2 56324 443\r\n"), "192.0.2.1:56324"],
        [Text("PROXY TCP6 2001:db8::1 2001:db8::2 56324 443\r\n"), "[2001:db8::1]:56324"],
        [Text("PROXY UNKNOWN\r\n"), null],
        [Text("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n"), null],
        [Hex(Signature + "21" + "11" + "000C" + "C0000201" + "C6336402" + "DC04" + "01BB"), "192.0.2.1:56324"],
        [Hex(Signature + "21" + "11" + "0013" + "C0000201" + "C6336402" + "DC04" + "01BB" + "04000461626364"), "192.0.2.1:56324"],
        [
            Hex(Signature + "21" + "21" + "0024" + "20010DB8000000000000000000000001" + "20010DB8000000000000000000000002" + "DC04" + "01BB"),
            "[2001:db8::1]:56324",
        ],
        [Hex(Signature + "20" + "00" + "0000"), null],
        [Hex(Signature + "20" + "11" + "000C" + "C0000201" + "C6336402" + "DC04" + "01BB"), null],
        [Hex(Signature + "21" + "00" + "0000"), null],
        [Hex(Signature + "21" + "31" + "0003" + "000000"), null],
    ];

    [TestCaseSource(nameof(Headers))]
    public void Header_is_read_and_nothing_behind_it_is_taken(byte[] header, string? source)
    {
        byte[] bytes = [.. header, 0x10, 0x0C];
        for (int split = 0; split <= bytes.Length; split++)
        {
            ReadOnlySequence<byte> buffer = Sequences.Split(bytes, split);
            ProxyHeaderStatus status = ProxyHeader.TryRead(buffer, out ProxyHeader read, out SequencePosition consumed);
            Assert.That(status, Is.EqualTo(ProxyHeaderStatus.Done));
            Assert.That(read.Source?.ToString(), Is.EqualTo(source));
            Assert.That(buffer.Slice(consumed).ToArray(), Is.EqualTo(new byte[] { 0x10, 0x0C }));
        }
    }

    [TestCaseSource(nameof(Headers))]
    public void Part_of_a_header_needs_more(byte[] header, string? source)
    {
        for (int length = 0; length < header.Length; length++)
        {
            ProxyHeaderStatus status = ProxyHeader.TryRead(new ReadOnlySequence<byte>(header, 0, length), out _, out _);
            Assert.That(status, Is.EqualTo(ProxyHeaderStatus.NeedMore), $"{length} bytes of the header of {source}");
        }
    }

    [TestCase("PROXY TCP4 192.0.2.1 198.51.100.2 56324\r\n")]
    [TestCase("PROXY TCP4 192.0.2.1 198.51.100.2 56324 65536\r\n")]
    [TestCase("PROXY TCP4 192.0.2.1 198.51.100.2 -1 443\r\n")]
    [TestCase("PROXY TCP4 2001:db8::1 2001:db8::2 56324 443\r\n")]
    [TestCase("PROXY TCP6 192.0.2.1 198.51.100.2 56324 443\r\n")]
    [TestCase("PROXY TCP4 1 2 3 4\r\n")]
    [TestCase("PROXY UDP4 192.0.2.1 198.51.100.2 56324 443\r\n")]
    [TestCase("PROXY  TCP4 192.0.2.1 198.51.100.2 56324 443\r\n")]
    [TestCase("proxy TCP4")]
    [TestCase("GET / HTTP/1.1\r\n")]
    public void Malformed_v1(string text) => Assert.That(Status(Text(text)), Is.EqualTo(ProxyHeaderStatus.Malformed));

    [TestCase("22" + "11" + "000C" + "C0000201" + "C6336402" + "DC04" + "01BB", Description = "no such command")]
    [TestCase("11" + "11" + "000C" + "C0000201" + "C6336402" + "DC04" + "01BB", Description = "version 1")]
    [TestCase("21" + "11" + "0004" + "C0000201", Description = "too short for its addresses")]
    [TestCase("21" + "11" + "0209", Description = "longer than any header may be")]
    public void Malformed_v2(string hex) => Assert.That(Status(Hex(Signature + hex)), Is.EqualTo(ProxyHeaderStatus.Malformed));

    [Test]
    public void V1_line_without_end_is_refused_at_its_greatest_length()
    {
        byte[] line = Text("PROXY UNKNOWN ".PadRight(ProxyHeaderV1.LongestHeader, 'x'));
        Assert.That(Status(line[..^1]), Is.EqualTo(ProxyHeaderStatus.NeedMore));
        Assert.That(Status(line), Is.EqualTo(ProxyHeaderStatus.Malformed));
    }

    [Test]
    public void V2_header_of_the_greatest_length_is_read()
    {
        byte[] header = [.. Hex(Signature + "21" + "11" + "0208" + "C0000201" + "C6336402" + "DC04" + "01BB"), .. new byte[508]];
        Assert.That(header, Has.Length.EqualTo(ProxyHeaderV2.LongestHeader));
        Assert.That(Status(header), Is.EqualTo(ProxyHeaderStatus.Done));
    }

    [Property(MaxTest = 500)]
    public bool Random_bytes_never_throw_and_longer_than_any_header_is_never_undecided(byte[] bytes, int which)
    {
        byte[][] starts = [[], Text("PROXY "), Text("PROXY TCP4 "), Hex(Signature), Hex(Signature + "21"), Hex(Signature + "2111")];
        byte[] input = [.. starts[(which & int.MaxValue) % starts.Length], .. bytes];
        byte[] tooLong = [.. input, .. new byte[ProxyHeaderV2.LongestHeader]];
        ReadOnlySequence<byte> buffer = Sequences.Split(input, (which & int.MaxValue) % (input.Length + 1));
        ProxyHeaderStatus status = ProxyHeader.TryRead(buffer, out _, out SequencePosition consumed);
        bool isSane = status == ProxyHeaderStatus.Done || buffer.Start.Equals(consumed);
        return isSane && Status(tooLong) != ProxyHeaderStatus.NeedMore;
    }

    [Property]
    public bool Any_v1_source_is_read_back(uint address, ushort port)
    {
        var source = new IPEndPoint(new IPAddress(address), port);
        byte[] line = Text($"PROXY TCP4 {source.Address} 127.0.0.1 {port} 1883\r\n");
        return ProxyHeader.TryRead(new ReadOnlySequence<byte>(line), out ProxyHeader header, out _) == ProxyHeaderStatus.Done
            && source.Equals(header.Source);
    }

    private static ProxyHeaderStatus Status(byte[] bytes) => ProxyHeader.TryRead(new ReadOnlySequence<byte>(bytes), out _, out _);

    private static byte[] Hex(string text) => Convert.FromHexString(text);

    private static byte[] Text(string text) => Encoding.ASCII.GetBytes(text);
}
