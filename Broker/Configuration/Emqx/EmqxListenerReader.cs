using Broker.Configuration.Loading;

namespace Broker.Configuration.Emqx;

/// <summary>Turns the settings of one EMQ X listener into those of a private TCP listener.</summary>
internal sealed class EmqxListenerReader(EmqxTcpConfReader reader, EmqxListenerKey listener)
{
    private const string AccessPrefix = "access.";
    private readonly string _section = $"{ConfigurationPaths.Listeners}:{listener.OptionsName}";
    private readonly string _tls = $"{ConfigurationPaths.Listeners}:{listener.OptionsName}:{nameof(ListenerOptions.Tls)}";

    public void Read(IReadOnlyList<(EmqxListenerKey Key, EmqxLine Line)> settings)
    {
        foreach ((EmqxListenerKey key, EmqxLine line) in settings.Where(setting => !IsAccess(setting.Key)))
        {
            if (key.Setting.Length == 0)
            {
                ReadEndpoint(line);
            }
            else
            {
                ReadSetting(key.Setting, line);
            }
        }

        ReadAccess([.. settings.Where(setting => IsAccess(setting.Key))]);
        ReadVerify(settings.ToDictionary(setting => setting.Key.Setting, setting => setting.Line));
    }

    private static bool IsAccess(EmqxListenerKey key) => key.Setting.StartsWith(AccessPrefix, StringComparison.Ordinal);

    private void ReadEndpoint(EmqxLine line)
    {
        (string? address, string port) = EmqxValue.Endpoint(line.Value);
        reader.Add($"{_section}:{nameof(ListenerOptions.Protocol)}", nameof(ListenerProtocol.PrivateTcp), line);
        reader.Add($"{_section}:{nameof(ListenerOptions.Address)}", address ?? "*", line);
        reader.Add($"{_section}:{nameof(ListenerOptions.Port)}", port, line);
    }

    private void ReadSetting(string setting, EmqxLine line)
    {
        if (EmqxKeys.Listener.TryGetValue(setting, out EmqxMapping? mapping))
        {
            reader.Map(mapping, _section, line);
            if (setting == "proxy_protocol" && EmqxValue.Flag(line.Value) == bool.TrueString)
            {
                reader.Warn(line, "believes loopback only; name your load balancers in ProxyProtocolTrustedPeers of the listener");
            }
        }
        else if (listener.IsTls && EmqxKeys.Tls.TryGetValue(setting, out mapping))
        {
            reader.Map(mapping, _tls, line);
        }
        else if (listener.IsTls && setting == "tls_versions")
        {
            ReadNames(nameof(TlsOptions.Versions), line, VersionOf);
        }
        else if (listener.IsTls && setting == "ciphers")
        {
            ReadNames(nameof(TlsOptions.CipherSuites), line, OpenSslCipherName.ToIana);
        }
        else if (!listener.IsTls || (setting is not "verify" and not "fail_if_no_peer_cert"))
        {
            reader.Warn(line, "is unknown and ignored");
        }
    }

    private void ReadNames(string option, EmqxLine line, Func<string, string?> convert)
    {
        string[] names = line.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string[] unknown = [.. names.Where(name => convert(name) is null)];
        if (unknown.Length > 0)
        {
            reader.Warn(line, $"names what is not supported and is left out: {string.Join(", ", unknown)}");
        }

        string[] known = [.. names.Select(convert).OfType<string>()];
        if (known.Length > 0)
        {
            reader.Add($"{_tls}:{option}", string.Join(',', known), line);
        }
        else
        {
            reader.Fail(line, "at least one name that is supported");
        }
    }

    // access.1, access.2, … in numeric order; the first that matches decides.
    private void ReadAccess(IReadOnlyList<(EmqxListenerKey Key, EmqxLine Line)> rules)
    {
        int index = 0;
        foreach ((_, EmqxLine line) in rules.OrderBy(rule => int.TryParse(rule.Key.Setting[AccessPrefix.Length..], out int n) ? n : int.MaxValue))
        {
            reader.Add($"{_section}:{nameof(ListenerOptions.AccessRules)}:{index++}", line.Value, line);
        }
    }

    // In EMQ X fail_if_no_peer_cert only counts with verify_peer.
    private void ReadVerify(Dictionary<string, EmqxLine> settings)
    {
        if (!listener.IsTls || !settings.TryGetValue("verify", out EmqxLine? verify))
        {
            return;
        }

        if (verify.Value is not "verify_peer" and not "verify_none")
        {
            reader.Fail(verify, "verify_peer or verify_none");
            return;
        }

        bool isRequired = settings.TryGetValue("fail_if_no_peer_cert", out EmqxLine? fail) && EmqxValue.Flag(fail.Value) == bool.TrueString;
        string mode = verify.Value == "verify_none" ? nameof(ClientCertificateMode.None)
            : isRequired ? nameof(ClientCertificateMode.Required)
            : nameof(ClientCertificateMode.Optional);
        reader.Add($"{_tls}:{nameof(TlsOptions.ClientCertificate)}", mode, verify);
    }

    private static string? VersionOf(string name) => name switch
    {
        "tlsv1.2" => "1.2",
        "tlsv1.3" => "1.3",
        _ => null,
    };
}
