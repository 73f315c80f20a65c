namespace Broker.Configuration.Emqx;

/// <summary>What becomes of one EMQ X setting.</summary>
/// <param name="Option">Path of the option inside its section; null for a setting without meaning here.</param>
/// <param name="Convert">Text of the option; null for a value that EMQ X would refuse.</param>
/// <param name="Expected">What the value must be, for errors; of a setting without meaning, why it has none.</param>
internal sealed record EmqxMapping(string? Option, Func<string, string?> Convert, string Expected)
{
    public static EmqxMapping Text(string option) => new(option, value => value, "a text");

    public static EmqxMapping Duration(string option) => new(option, EmqxValue.Seconds, "a duration like 15s");

    public static EmqxMapping Size(string option) => new(option, EmqxValue.Bytes, "a size like 1MB");

    public static EmqxMapping Flag(string option) => new(option, EmqxValue.Flag, "on or off, true or false");

    public static EmqxMapping Meaningless(string why) => new(null, _ => null, why);
}
