using System.Buffers;
using System.Text;
using Broker.Protocols.PrivateTcp;

namespace Broker.Cli.Device;

/// <summary>Lines of text or hex, as the device reads uplinks and prints downlinks.</summary>
internal static class DeviceLine
{
    /// <summary>Reads a line (without its line feed) as the payload of an uplink.</summary>
    /// <param name="line">The line; a carriage return at its end does not count.</param>
    /// <param name="hex">The line is hex digits; blanks and colons between bytes are ignored.</param>
    /// <param name="payload">What to send.</param>
    /// <param name="error">Why not; null when it can be sent.</param>
    public static bool TryParse(ReadOnlySpan<byte> line, bool hex, out byte[] payload, out string? error)
    {
        line = line is [.. var rest, (byte)'\r'] ? rest : line;
        payload = [];
        error = null;
        if (!hex)
        {
            payload = line.ToArray();
        }
        else if (!TryParseHex(line, out payload))
        {
            error = "not an even number of hex digits";
        }

        if (payload.Length > PrivateFrame.MaximumPayloadLength)
        {
            error = "longer than 65535 bytes";
        }

        return error is null;
    }

    /// <summary>The line that a downlink is printed as, with its line feed.</summary>
    public static byte[] Format(ReadOnlySpan<byte> payload, bool hex) =>
        hex ? Encoding.ASCII.GetBytes(Convert.ToHexStringLower(payload) + "\n") : [.. payload, (byte)'\n'];

    private static bool TryParseHex(ReadOnlySpan<byte> line, out byte[] payload)
    {
        var digits = new List<byte>(line.Length);
        foreach (var character in line)
        {
            if (character is not ((byte)' ' or (byte)'\t' or (byte)':'))
            {
                digits.Add(character);
            }
        }

        payload = new byte[digits.Count / 2];
        return Convert.FromHexString(Encoding.Latin1.GetString([.. digits]), payload, out _, out _) == OperationStatus.Done;
    }
}
