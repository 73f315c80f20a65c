namespace Broker.Configuration.Validation;

/// <summary>A listener names only ways to log in that are configured.</summary>
internal static class AuthenticationMethodRules
{
    public static void Check(ListenerOptions listener, string path, AuthenticationOptions authentication, RuleContext context)
    {
        string place = $"{path}:{nameof(ListenerOptions.Authentication)}";
        foreach (AuthenticationMethod method in listener.Authentication.Distinct())
        {
            (bool isConfigured, string advice) = method switch
            {
                AuthenticationMethod.Jwt => (authentication.Jwt.IsEnabled, "set a key in Authentication:Jwt"),
                AuthenticationMethod.Http => (authentication.Http.IsEnabled, "set Authentication:Http:Url"),
                AuthenticationMethod.PasswordFile or AuthenticationMethod.Scram => (authentication.PasswordFile is not null, "set Authentication:PasswordFile"),
                _ => (true, ""),
            };
            if (!isConfigured)
            {
                context.Add(place, $"the way to log in {method} is not configured", advice);
            }
        }

        if (listener.Authentication.Distinct().Count() != listener.Authentication.Count)
        {
            context.Add(place, "a way to log in is there twice", "name each once");
        }
    }
}
