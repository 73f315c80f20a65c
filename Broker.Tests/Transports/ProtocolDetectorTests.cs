using System.Buffers;
using System.Text;
using Broker.Transports.Detection;
using NUnit.Framework;
using PropertyAttribute = FsCheck.NUnit.PropertyAttribute;

namespace Broker.Tests.Transports;

internal sealed class ProtocolDetectorTests
{
    /// <summary>What a connection may start with, its protocol, and how many bytes it takes until that is certain.</summary>
    private static readonly object[][] Vectors =
    [
        [Hex("10 10 00 04 4d 51 54 54 04 02 00 3c 00 04 61 62 63 64"), DetectedProtocol.Mqtt, 8],
        [Hex("10 0c 00 04 4d 51 54 54 05 02 00 3c"), DetectedProtocol.Mqtt, 8],
        [Hex("10 0e 00 06 4d 51 49 73 64 70 03 02 00 3c 00 00"), DetectedProtocol.Mqtt, 10],
        [Hex("10 c8 01 00 04 4d 51 54 54 05"), DetectedProtocol.Mqtt, 9],
        [Hex("10 80 80 01 00 04 4d 51 54 54 05"), DetectedProtocol.Mqtt, 10],
        [Hex("10 80 80 80 01 00 06 4d 51 49 73 64 70 03"), DetectedProtocol.Mqtt, 13],
        [Hex("11 00 07 3c 00 04 61 62 63 64"), DetectedProtocol.PrivateTcp, 1],
        [Hex("12 00 07"), DetectedProtocol.PrivateTcp, 1],
        [Hex("1f 00 07"), DetectedProtocol.PrivateTcp, 1],
        [Hex("16 00 07 3c"), DetectedProtocol.PrivateTcp, 2],
        [Hex("10 00 07 3c 00 04 61 62 63 64"), DetectedProtocol.PrivateTcp, 2],
        [Hex("10 01 07 3c 00 ff 61"), DetectedProtocol.PrivateTcp, 2],
        [Hex("10 0b 00 04 4d 51 54 54"), DetectedProtocol.PrivateTcp, 2],
        [Hex("10 0c 07 3c 00 04"), DetectedProtocol.PrivateTcp, 3],
        [Hex("10 0c 00 04 4d 51 54 55"), DetectedProtocol.PrivateTcp, 8],
        [Hex("10 80 00 3c"), DetectedProtocol.PrivateTcp, 3],
        [Hex("10 80 80 80 80 01"), DetectedProtocol.PrivateTcp, 5],
        [Hex("16 03 01 02 00 01"), DetectedProtocol.Tls, 2],
        [Hex("16 03 03 02 00 01"), DetectedProtocol.Tls, 2],
        [Hex("0d 0a 0d 0a 00 0d 0a 51 55 49 54 0a 21 11 00 0c"), DetectedProtocol.ProxyV2, 12],
        [Text("PROXY TCP4 192.0.2.1 "), DetectedProtocol.ProxyV1, 6],
        [Text("GET /mqtt HTTP/1.1\r\n"), DetectedProtocol.Http, 4],
        [Text("POST / HTTP/1.1\r\n"), DetectedProtocol.Http, 5],
        [Text("PUT / HTTP/1.1\r\n"), DetectedProtocol.Http, 4],
        [Text("HEAD / HTTP/1.1\r\n"), DetectedProtocol.Http, 5],
        [Text("DELETE / HTTP/1.1\r\n"), DetectedProtocol.Http, 7],
        [Text("OPTIONS * HTTP/1.1\r\n"), DetectedProtocol.Http, 8],
        [Text("PATCH / HTTP/1.1\r\n"), DetectedProtocol.Http, 6],
        [Text("CONNECT a:1 HTTP/1.1\r\n"), DetectedProtocol.Http, 8],
        [Text("TRACE / HTTP/1.1\r\n"), DetectedProtocol.Http, 6],
        [Text("PRI * HTTP/2.0\r\n"), DetectedProtocol.Unknown, 3],
        [Text("GETTING"), DetectedProtocol.Unknown, 4],
        [Text("get / HTTP/1.1\r\n"), DetectedProtocol.Unknown, 1],
        [Text("SSH-2.0-OpenSSH_9.2"), DetectedProtocol.Unknown, 1],
        [Hex("0d 0a 0d 0a 00 0d 0b"), DetectedProtocol.Unknown, 7],
        [Hex("00"), DetectedProtocol.Unknown, 1],
        [Hex("20 00 14"), DetectedProtocol.Unknown, 1],
        [Hex("30 00 04 61 62 63 64"), DetectedProtocol.Unknown, 1],
        [Hex("ff ff"), DetectedProtocol.Unknown, 1],
    ];

    [TestCaseSource(nameof(Vectors))]
    public void Is_decided_at_the_first_byte_that_decides_and_never_before(byte[] bytes, object expected, int decidingLength)
    {
        for (int length = 0; length <= bytes.Length; length++)
        {
            object wanted = length < decidingLength ? DetectedProtocol.NeedMore : expected;
            Assert.That(ProtocolDetector.Detect(bytes.AsSpan(0, length)), Is.EqualTo(wanted), $"after {length} bytes");
        }
    }

    [TestCaseSource(nameof(Vectors))]
    public void Is_the_same_wherever_the_bytes_are_split(byte[] bytes, object expected, int decidingLength)
    {
        for (int split = 0; split <= bytes.Length; split++)
        {
            Assert.That(ProtocolDetector.Detect(Sequences.Split(bytes, split)), Is.EqualTo(expected), $"split at {split} of {decidingLength}");
        }
    }

    [Property]
    public bool Once_decided_stays_decided_and_is_decided_in_time(byte[] bytes)
    {
        DetectedProtocol decided = DetectedProtocol.NeedMore;
        for (int length = 0; length <= bytes.Length; length++)
        {
            DetectedProtocol now = ProtocolDetector.Detect(bytes.AsSpan(0, length));
            bool isLate = now == DetectedProtocol.NeedMore && length >= ProtocolDetector.LongestUndecided;
            if (isLate || (decided != DetectedProtocol.NeedMore && now != decided))
            {
                return false;
            }
            decided = now;
        }
        return true;
    }

    [TestCase("SSH-2.0-OpenSSH_9.2\r\n", "SSH (\"SSH-2.0-OpenSSH_\")")]
    [TestCase("PRI * HTTP/2.0\r\n\r\n", "HTTP/2 without TLS (\"PRI * HTTP/2.0\")")]
    [TestCase("hello\r\n", "\"hello\"")]
    [TestCase("\u0001\n\u0002", "010A02")]
    [TestCase("0\0\u0004abcd", "an MQTT PUBLISH or a private TCP DATATRANS before CONNECT (30000461626364)")]
    [TestCase("", "nothing")]
    public void Unknown_bytes_are_named(string text, string expected) =>
        Assert.That(FirstBytes.Describe(Encoding.Latin1.GetBytes(text)), Is.EqualTo(expected));

    [Property]
    public bool A_description_never_breaks_a_log_line(byte[] bytes) =>
        !FirstBytes.Describe(new ReadOnlySequence<byte>(bytes)).Any(char.IsControl);

    private static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));

    private static byte[] Text(string text) => Encoding.ASCII.GetBytes(text);
}
