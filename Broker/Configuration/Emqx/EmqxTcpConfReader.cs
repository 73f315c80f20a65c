using Broker.Configuration.Loading;

namespace Broker.Configuration.Emqx;

/// <summary>Turns the lines of one emqx_tcp.conf into entries; what has no meaning here is named in the warnings.</summary>
internal sealed class EmqxTcpConfReader(string path, List<ConfigurationError> errors, List<string> warnings)
{
    private const string ProtocolPrefix = "tcp.proto.";
    private readonly List<ConfigurationEntry> _entries = [];

    public IReadOnlyList<ConfigurationEntry> Read(IReadOnlyList<EmqxLine> lines)
    {
        // The last line of a key wins, as in EMQ X.
        List<EmqxLine> settings = [.. lines.GroupBy(line => line.Key).Select(group => group.Last())];
        foreach (EmqxLine line in settings.Where(line => !line.Key.StartsWith(EmqxListenerKey.Prefix, StringComparison.Ordinal)))
        {
            ReadProtocol(line);
        }

        var listeners = settings
            .Where(line => line.Key.StartsWith(EmqxListenerKey.Prefix, StringComparison.Ordinal))
            .Select(line => (Key: EmqxListenerKey.Parse(line.Key), Line: line))
            .GroupBy(setting => setting.Key.OptionsName);
        foreach (var listener in listeners)
        {
            if (listener.Any(setting => setting.Key.Setting.Length == 0))
            {
                new EmqxListenerReader(this, listener.First().Key).Read([.. listener]);
            }
            else
            {
                warnings.Add($"emqx_tcp.conf: {listener.First().Line.Key} belongs to a listener without an address and is ignored");
            }
        }

        return _entries;
    }

    public void Add(string option, string value, EmqxLine line) =>
        _entries.Add(new ConfigurationEntry(option, value, $"{path} line {line.Number}", line.Key));

    public void Warn(EmqxLine line, string text) => warnings.Add($"emqx_tcp.conf line {line.Number}: {line.Key} {text}");

    public void Fail(EmqxLine line, string expected) =>
        errors.Add(new ConfigurationError($"{path} line {line.Number}", line.Key, line.Value, "EMQ X would not accept this value", $"write {expected}"));

    /// <summary>Adds what <paramref name="mapping"/> makes of the line to <paramref name="section"/>.</summary>
    public void Map(EmqxMapping mapping, string section, EmqxLine line)
    {
        if (mapping.Option is null)
        {
            Warn(line, $"has no meaning here: {mapping.Expected}");
        }
        else if (mapping.Convert(line.Value) is { } value)
        {
            Add($"{section}:{mapping.Option}", value, line);
        }
        else
        {
            Fail(line, mapping.Expected);
        }
    }

    private void ReadProtocol(EmqxLine line)
    {
        string key = line.Key.StartsWith(ProtocolPrefix, StringComparison.Ordinal) ? line.Key[ProtocolPrefix.Length..] : "";
        if (EmqxKeys.Protocol.TryGetValue(key, out EmqxMapping? mapping))
        {
            Map(mapping, ConfigurationPaths.PrivateTcp, line);
        }
        else if (EmqxKeys.Policies.TryGetValue(key, out (string Messages, string Bytes) options))
        {
            ReadPolicy(options, line);
        }
        else
        {
            Warn(line, "is unknown and ignored");
        }
    }

    private void ReadPolicy((string Messages, string Bytes) options, EmqxLine line)
    {
        (string? messages, string? bytes) = EmqxValue.Policy(line.Value);
        if (messages is null || bytes is null)
        {
            Fail(line, "messages|size, like 1000|1MB");
            return;
        }

        Add($"{ConfigurationPaths.PrivateTcp}:{options.Messages}", messages, line);
        Add($"{ConfigurationPaths.PrivateTcp}:{options.Bytes}", bytes, line);
    }
}
