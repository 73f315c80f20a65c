using System.Text;

namespace Broker.Tests.Conformance;

/// <summary>
/// Packets by hand, right or wrong. Words in between spaces: hexadecimal bytes, 'text' as a string behind its two bytes of length, ~text as the
/// bare bytes, ( … ) as a property section behind its length.
/// </summary>
internal static class PacketText
{
    /// <summary>A packet: first byte, Remaining Length, body.</summary>
    public static byte[] Packet(byte first, string body)
    {
        byte[] bytes = Bytes(body);
        return [first, .. VariableByteInteger(bytes.Length), .. bytes];
    }

    public static byte[] Bytes(string text)
    {
        var bytes = new List<byte>();
        int section = -1;
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (word == "(")
            {
                section = bytes.Count;
            }
            else if (word == ")")
            {
                bytes.InsertRange(section, VariableByteInteger(bytes.Count - section));
            }
            else
            {
                bytes.AddRange(Word(word));
            }
        }

        return [.. bytes];
    }

    private static byte[] Word(string word)
    {
        switch (word[0])
        {
            case '\'':
                byte[] text = Encoding.UTF8.GetBytes(word[1..^1]);
                return [(byte)(text.Length >> 8), (byte)text.Length, .. text];
            case '~':
                return Encoding.UTF8.GetBytes(word[1..]);
            default:
                return Convert.FromHexString(word);
        }
    }

    private static List<byte> VariableByteInteger(int value)
    {
        var bytes = new List<byte>();
        do
        {
            bytes.Add((byte)(value % 128 | (value >= 128 ? 0x80 : 0)));
            value /= 128;
        }
        while (value > 0);
        return bytes;
    }
}
