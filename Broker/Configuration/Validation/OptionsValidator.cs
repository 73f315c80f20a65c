using Broker.Configuration.Loading;

namespace Broker.Configuration.Validation;

/// <summary>Rules that more than one option takes part in.</summary>
internal static class OptionsValidator
{
    public static void Check(BrokerOptions options, ConfigurationLayers layers, List<ConfigurationError> errors, List<string> warnings)
    {
        RuleContext context = new(layers, errors);
        TlsRules.Check(options.Tls, $"{BrokerOptions.SectionName}:{nameof(BrokerOptions.Tls)}", context);
        CheckOfflineDownlinks(options.PrivateTcp, ConfigurationPaths.PrivateTcp, context);
        foreach ((string name, ListenerOptions listener) in options.Listeners)
        {
            string path = $"{ConfigurationPaths.Listeners}:{name}";
            TlsRules.Check(listener.Tls, $"{path}:{nameof(ListenerOptions.Tls)}", context);
            AuthenticationMethodRules.Check(listener, path, options.Authentication, context);
            if (listener.PrivateTcp is { } privateTcp)
            {
                CheckOfflineDownlinks(privateTcp, $"{path}:{nameof(ListenerOptions.PrivateTcp)}", context);
            }
        }

        JwtRules.Check(
            options.Authentication.Jwt,
            $"{BrokerOptions.SectionName}:{nameof(BrokerOptions.Authentication)}:{nameof(AuthenticationOptions.Jwt)}",
            context);
        CheckHttp(options.Authentication.Http, context);
        AdminRules.Check(options, context);
        PortRules.Check(options, context);
        CheckTransport(options, context);
        Warn(options, warnings);
        SecretRules.Warn(layers, warnings);
    }

    private static void CheckOfflineDownlinks(PrivateTcpOptions options, string path, RuleContext context)
    {
        if (options.KeepOfflineDownlinks && options.DownlinkQos == 0)
        {
            context.Add(
                $"{path}:{nameof(PrivateTcpOptions.KeepOfflineDownlinks)}", "offline downlinks are kept for QoS 1 and 2 only, and DownlinkQos is 0",
                "set DownlinkQos to 1 or 2, or KeepOfflineDownlinks to false");
        }
    }

    private static void CheckTransport(BrokerOptions options, RuleContext context)
    {
        if (options.Transport == TransportKind.Epoll && !OperatingSystem.IsLinux())
        {
            context.Add(ConfigurationPaths.Transport, "epoll needs Linux", "set it to Auto or Sockets");
        }
    }

    private static void CheckHttp(HttpAuthenticationOptions http, RuleContext context)
    {
        if (http.Url is { } url && !(Uri.TryCreate(url, UriKind.Absolute, out Uri? parsed) && parsed.Scheme is "http" or "https"))
        {
            string path = $"{nameof(BrokerOptions.Authentication)}:{nameof(AuthenticationOptions.Http)}:{nameof(HttpAuthenticationOptions.Url)}";
            context.Add($"{BrokerOptions.SectionName}:{path}", "not a URL", "write one like https://auth.example.com/mqtt");
        }
    }

    private static void Warn(BrokerOptions options, List<string> warnings)
    {
        if (options.ExtPort is not null && options.Listeners.Count > 0)
        {
            warnings.Add($"the listeners {string.Join(", ", options.Listeners.Keys)} are not opened, because {EnvironmentSource.ExtPortVariable} is set");
        }

        foreach (EffectiveListener plan in EffectiveListener.From(options).Where(plan => plan.RestrictedToLoopback))
        {
            warnings.Add($"listener {plan.Name} is bound to loopback instead of {plan.Options.Address}, because no authentication is configured; "
                + "set Authentication:PasswordFile, or Authentication:AllowAnonymous to true");
        }
    }
}
