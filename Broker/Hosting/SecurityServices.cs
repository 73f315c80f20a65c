using System.Net.Http;
using Broker.Admin;
using Broker.Configuration;
using Broker.Core;
using Broker.Core.Ports;
using Broker.Core.Sessions;
using Broker.Hosting.Reloading;
using Broker.Observability;
using Broker.Security;
using Broker.Security.Acl;
using Broker.Security.Certificates;
using Broker.Security.Http;
using Broker.Security.Jwt;
using Broker.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Broker.Hosting;

/// <summary>Who may connect, who may do what, and the files that say so.</summary>
internal static class SecurityServices
{
    public static void Add(IServiceCollection services, ServeSettings settings)
    {
        if (settings.Passwords is { } passwords)
        {
            services.AddSingleton(_ => new PasswordFileAuthenticator(passwords));
            services.AddSingleton<IEnhancedAuthenticator>(provider => CreateScram(settings.Options, provider));
        }

        AddJwt(services, settings.Options.Authentication.Jwt);
        if (settings.Options.Authentication.Http is { IsEnabled: true } http)
        {
            services.AddSingleton(provider => new HttpAuthenticator(
                http,
                CreateClient(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<HttpAuthenticator>>()));
        }

        services.AddSingleton(provider => new BanList(
            settings.Options.Authentication.Bans, provider.GetRequiredService<TimeProvider>(), provider.GetService<IRecordFile<Ban>>()));
        services.AddSingleton<IBanList>(provider => provider.GetRequiredService<BanList>());
        services.AddSingleton(provider => new FlappingDetector(
            settings.Options.Authentication.Flapping,
            provider.GetRequiredService<BanList>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<FlappingDetector>>()));
        if (settings.Options.Authentication is { IsConfigured: true, Throttle.FailuresBeforeDelay: > 0 } authentication)
        {
            services.AddSingleton(provider => new LoginThrottle(
                authentication.Throttle, CreateChain(settings.Options, provider), provider.GetRequiredService<TimeProvider>()));
        }

        services.AddSingleton<IAddressGate>(provider => new AddressGate(provider.GetRequiredService<BanList>(), provider.GetService<LoginThrottle>()));
        services.AddSingleton<IAuthenticator>(provider => new BanningAuthenticator(
            provider.GetRequiredService<BanList>(),
            provider.GetRequiredService<FlappingDetector>(),
            (IAuthenticator?)provider.GetService<LoginThrottle>() ?? CreateChain(settings.Options, provider)));
        services.AddSingleton(provider => new AclAuthorizer(
            settings.Rules,
            provider.GetRequiredService<BrokerMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<AclAuthorizer>>(),
            clientsCarryRules: settings.Options.Authentication is { Jwt.IsEnabled: true } or { Http.IsEnabled: true }));
        services.AddSingleton<IAuthorizer>(provider => provider.GetRequiredService<AclAuthorizer>());
        services.AddSingleton<IAccessExplainer>(provider => provider.GetRequiredService<AclAuthorizer>());
        services.AddSingleton<IHostedService>(provider => new FileReloader(
            [.. FilesOf(settings.Options, provider)],
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<FileReloader>>()));
    }

    private static IAuthenticator CreateChain(BrokerOptions options, IServiceProvider provider)
    {
        IAuthenticator chain = AuthenticatorChain.From(
            options, provider.GetService<JwtAuthenticator>(), provider.GetService<HttpAuthenticator>(), provider.GetService<PasswordFileAuthenticator>());
        Dictionary<string, IAuthenticator> own = ListenersWithOwnMethods(options).ToDictionary(
            static listener => listener.Name, IAuthenticator (listener) => CreateChain(listener.Options.Authentication, options, provider), StringComparer.OrdinalIgnoreCase);
        chain = own.Count > 0 ? new ListenerAuthenticator(own, chain) : chain;
        return CertificateBinding.From(options) is { } binding ? new CertificateAuthenticator(binding, chain) : chain;
    }

    private static AuthenticatorChain CreateChain(IEnumerable<AuthenticationMethod> methods, BrokerOptions options, IServiceProvider provider) =>
        new AuthenticatorChain([.. methods.Select(method => method switch
        {
            AuthenticationMethod.Jwt => provider.GetService<JwtAuthenticator>(),
            AuthenticationMethod.Http => provider.GetService<HttpAuthenticator>(),
            AuthenticationMethod.PasswordFile => provider.GetService<PasswordFileAuthenticator>(),
            AuthenticationMethod.Anonymous => new AnonymousAuthenticator(acceptUnverifiedUsernames: !options.AuthenticatesClients),
            _ => (IAuthenticator?)null,
        }).OfType<IAuthenticator>()]);

    private static IEnumerable<EffectiveListener> ListenersWithOwnMethods(BrokerOptions options) =>
        EffectiveListener.From(options).Where(static listener => listener.Options.Authentication.Count > 0);

    private static BanningEnhancedAuthenticator CreateScram(BrokerOptions options, IServiceProvider provider)
    {
        var passwords = provider.GetRequiredService<PasswordFileAuthenticator>();
        IEnhancedAuthenticator scram = new ScramAuthenticator(() => passwords.File);
        if (CertificateBinding.From(options) is { } binding)
        {
            scram = new CertificateEnhancedAuthenticator(binding, scram);
        }

        HashSet<string> without = new(
            ListenersWithOwnMethods(options)
                .Where(static listener => !listener.Options.Authentication.Contains(AuthenticationMethod.Scram))
                .Select(static listener => listener.Name),
            StringComparer.OrdinalIgnoreCase);
        scram = without.Count > 0 ? new ListenerEnhancedAuthenticator(without, scram) : scram;
        return new BanningEnhancedAuthenticator(provider.GetRequiredService<BanList>(), provider.GetRequiredService<FlappingDetector>(), scram);
    }

    private static void AddJwt(IServiceCollection services, JwtOptions options)
    {
        if (!options.IsEnabled)
        {
            return;
        }

        if (options.JwksUrl is { } url)
        {
            services.AddSingleton<IJwtKeys>(provider => new JwksUrl(
                new Uri(url),
                TimeSpan.FromSeconds(options.JwksRefreshSeconds),
                CreateClient(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<JwksUrl>>()));
        }
        else
        {
            services.AddSingleton<IJwtKeys>(new JwtKeyFile(options));
        }

        services.AddSingleton(provider =>
            new JwtAuthenticator(options, provider.GetRequiredService<IJwtKeys>(), provider.GetRequiredService<TimeProvider>()));
    }

    // A redirect would carry credentials to where nobody configured them to go.
    private static HttpClient CreateClient() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        MaxConnectionsPerServer = 64,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        MaxResponseContentBufferSize = 1024 * 1024,
    };

    /// <summary>Puts the password file in force, unless a line of it is wrong.</summary>
    public static string? ReloadPasswords(string path, PasswordFileAuthenticator authenticator)
    {
        PasswordFile file = PasswordFile.Load(path);
        string[] errors = [.. file.Problems.Where(problem => problem.IsError).Select(problem => problem.ToString())];
        if (errors.Length == 0)
        {
            authenticator.Replace(file);
        }

        return Problem(errors);
    }

    /// <summary>Puts the ACL file in force, unless a line of it is wrong.</summary>
    public static string? ReloadRules(string path, AclAuthorizer authorizer)
    {
        AclFile file = AclFile.Load(path);
        if (file.Problems.Count == 0)
        {
            authorizer.Replace(file.Rules);
        }

        return Problem([.. file.Problems.Select(problem => problem.ToString())]);
    }

    private static string? Problem(string[] errors) => errors.Length == 0 ? null : string.Join("; ", errors);

    private static IEnumerable<ReloadableFiles> FilesOf(BrokerOptions options, IServiceProvider provider)
    {
        if (options.Authentication.PasswordFile is { } passwords && provider.GetService<PasswordFileAuthenticator>() is { } authenticator)
        {
            yield return new ReloadableFiles("password file", [passwords], () => ReloadPasswords(passwords, authenticator));
        }

        if (provider.GetService<IJwtKeys>() is JwtKeyFile { Files.Count: > 0 } keys)
        {
            yield return new ReloadableFiles("JWT keys", keys.Files, keys.TryReload);
        }

        if (options.Authorization.AclFile is { } acl)
        {
            AclAuthorizer authorizer = provider.GetRequiredService<AclAuthorizer>();
            SessionRegistry sessions = provider.GetRequiredService<MessageBroker>().Sessions;
            yield return new ReloadableFiles("ACL file", [acl], () =>
            {
                string? problem = ReloadRules(acl, authorizer);
                if (problem is null)
                {
                    sessions.DropForbiddenSubscriptions();
                }

                return problem;
            });
        }

        if (options.Admin.TokenFile is { } token)
        {
            yield return new ReloadableFiles("operators' token", [token], provider.GetRequiredService<OperatorAccess>().TryReload);
        }

        foreach (OpenListener listener in provider.GetRequiredService<IReadOnlyList<OpenListener>>())
        {
            if (listener.Tls is { } tls)
            {
                yield return new ReloadableFiles($"TLS of listener {listener.Context.Name}", tls.Files, tls.TryReload);
            }
        }
    }
}
