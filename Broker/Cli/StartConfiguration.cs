using Broker.Configuration;
using Broker.Configuration.Loading;
using Broker.Hosting;
using Broker.Security;

namespace Broker.Cli;

/// <summary>Loads everything that a start needs, the password file included, and says all that is wrong with it at once.</summary>
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

        foreach (ConfigurationError mistake in errors)
        {
            error.WriteLine($"error: {mistake}");
        }

        return errors.Count > 0 ? null : new ServeSettings(result.Options, result.Logging, passwords, warnings);
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
