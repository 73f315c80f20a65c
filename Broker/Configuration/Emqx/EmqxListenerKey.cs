namespace Broker.Configuration.Emqx;

/// <summary>What follows `tcp.listener.` in a key: kind and name of a listener, and which of its settings.</summary>
/// <param name="IsTls">Kind `ssl`.</param>
/// <param name="Name">EMQ X's name of the listener.</param>
/// <param name="Setting">The setting; empty for the line that gives the address.</param>
internal sealed record EmqxListenerKey(bool IsTls, string Name, string Setting)
{
    public const string Prefix = "tcp.listener.";

    /// <summary>Name of the listener in the options.</summary>
    public string OptionsName => $"{(IsTls ? "ssl" : "tcp")}-{Name}";

    /// <summary>Reads `tcp.listener.NAME`, `tcp.listener.tcp.NAME` and `tcp.listener.ssl.NAME`, each with or without a setting.</summary>
    public static EmqxListenerKey Parse(string key)
    {
        string[] segments = key[Prefix.Length..].Split('.');
        bool hasKind = segments.Length > 1 && (segments[0] is "ssl" or "tcp");
        int name = hasKind ? 1 : 0;
        return new EmqxListenerKey(hasKind && segments[0] == "ssl", segments[name], string.Join('.', segments.Skip(name + 1)));
    }
}
