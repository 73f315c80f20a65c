using Broker.Admin;
using Broker.Configuration;
using Broker.Configuration.Loading;
using Broker.Hosting;
using Broker.Security;
using Broker.Security.Acl;
using Broker.Security.Jwt;
using Microsoft.Extensions.Logging.Abstractions;

namespace Broker.Cli;

/// <summary>Loads everything that a start needs, the password file and the ACL file included, and says all that is wrong with it at once.</summary>
internal static class StartConfiguration
{
    /// <summary>Null when something is wrong; every mistake has then been written to standard error.</summary>
    public static ServeSettings? Load(ConfigurationInputs inputs, TextWriter error)
    {
        ConfigurationResult result = ConfigurationLoader.Load(inputs);
        List<ConfigurationError> errors = [.. result.Errors];
        List<string> warnings = [.. result.Warnings];
        PasswordFile? passwords = null;
        if (result.Options.Authentication.PasswordFile is { } path)
        {
            passwords = PasswordFile.Load(path);
            foreach (PasswordFileProblem problem in passwords.Problems)
            {
                Report(path, problem, errors, warnings);
            }
        }

        if (result.Options.Authentication.Jwt is { IsEnabled: true, JwksUrl: null } jwt && new JwtKeyFile(jwt).Problem is { } fault)
        {
            errors.Add(new ConfigurationError("JWT key", jwt.SecretFile ?? jwt.PublicKeyFile ?? jwt.JwksFile ?? "Secret", null, fault));
        }

        if (result.Options.Admin.TokenFile is { } token && new OperatorAccess(result.Options.Admin, TimeProvider.System, NullLogger.Instance).Problem is { } wrong)
        {
            errors.Add(new ConfigurationError("operators' token", token, null, wrong));
        }

        AclRuleSet rules = LoadRules(result.Options.Authorization.AclFile, errors);
        foreach (ConfigurationError mistake in errors)
        {
            error.WriteLine($"error: {mistake}");
        }

        return errors.Count > 0 ? null : new ServeSettings(result.Options, result.Logging, passwords, rules, warnings);
    }

    private static AclRuleSet LoadRules(string? path, List<ConfigurationError> errors)
    {
        if (path is null)
        {
            return AclRuleSet.Empty;
        }

        AclFile file = AclFile.Load(path);
        errors.AddRange(file.Problems.Select(problem => new ConfigurationError("ACL file", path, null, problem.ToString())));
        return file.Rules;
    }

    private static void Report(string path, PasswordFileProblem problem, List<ConfigurationError> errors, List<string> warnings)
    {
        if (problem.IsError)
        {
            errors.Add(new ConfigurationError("password file", path, null, problem.ToString()));
        }
        else
        {
            warnings.Add($"password file {path}: {problem}");
        }
    }
}
