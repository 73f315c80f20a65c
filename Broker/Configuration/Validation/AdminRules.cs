namespace Broker.Configuration.Validation;

/// <summary>Rules of the operators' HTTP.</summary>
internal static class AdminRules
{
    /// <summary>Fewest characters of a token: one that is guessed must not be hit.</summary>
    public const int MinimumTokenLength = 16;

    private const string Section = $"{BrokerOptions.SectionName}:{nameof(BrokerOptions.Admin)}";

    public static void Check(BrokerOptions options, RuleContext context)
    {
        AdminOptions admin = options.Admin;
        TlsRules.Check(admin.Tls, $"{Section}:{nameof(AdminOptions.Tls)}", context);
        if (admin is { Token: not null, TokenFile: not null })
        {
            context.Add($"{Section}:{nameof(AdminOptions.TokenFile)}", "two tokens", "keep Token or TokenFile");
        }

        if (admin.Token is { Length: < MinimumTokenLength })
        {
            context.Add($"{Section}:{nameof(AdminOptions.Token)}", "too short", $"use at least {MinimumTokenLength} characters, such as openssl rand -hex 16 writes");
        }

        if (admin is { Token: null, TokenFile: null } && EffectiveListener.AdminLeavesLoopback(options))
        {
            context.Add(
                $"{Section}:{nameof(AdminOptions.Address)}", "the operators' HTTP leaves this host, and everybody could use it",
                "set Admin:TokenFile or Admin:Token, or Admin:Address to 127.0.0.1");
        }
    }
}
