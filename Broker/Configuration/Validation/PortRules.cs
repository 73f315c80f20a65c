using Broker.Configuration.Loading;

namespace Broker.Configuration.Validation;

/// <summary>No two listeners may want the same port of the same address.</summary>
internal static class PortRules
{
    public static void Check(BrokerOptions options, RuleContext context)
    {
        List<Claim> claims = [.. EffectiveListener.From(options).Select(plan => new Claim(plan.Name, PathOf(plan, options), plan.Address, plan.Options.Port))];
        if (EffectiveListener.AdminPort(options) is { } adminPort)
        {
            string path = $"{BrokerOptions.SectionName}:{nameof(BrokerOptions.Admin)}:{nameof(AdminOptions.Port)}";
            claims.Add(new Claim("the operators' HTTP", path, EffectiveListener.AdminAddress(options), adminPort));
        }

        for (int i = 0; i < claims.Count; i++)
        {
            Claim later = claims[i];
            if (claims.Take(i).FirstOrDefault(earlier => earlier.CollidesWith(later)) is { } first)
            {
                context.Add(later.Path, $"port {later.Port} of {later.Address} is already taken by {first.Name}", "give each its own port");
            }
        }
    }

    private static string PathOf(EffectiveListener plan, BrokerOptions options) =>
        options.ExtPort is not null
            ? ConfigurationPaths.ExtPort
            : $"{ConfigurationPaths.Listeners}:{plan.Name}:{nameof(ListenerOptions.Port)}";

    private sealed record Claim(string Name, string Path, string Address, int Port)
    {
        public bool CollidesWith(Claim other) => Port != 0 && Port == other.Port && EffectiveListener.Overlap(Address, other.Address);
    }
}
