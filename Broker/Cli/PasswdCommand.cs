using System.CommandLine;
using System.Text;
using Broker.Security;

namespace Broker.Cli;

/// <summary>`broker passwd FILE USER`: sets or deletes a user of a password file.</summary>
internal static class PasswdCommand
{
    public static Command Create(CliEnvironment environment)
    {
        Argument<string> file = new("FILE") { Description = "Password file; created when it does not exist." };
        Argument<string> user = new("USER") { Description = "Username." };
        Option<bool> fromInput = new("--password-stdin") { Description = "Read the password from the first line of standard input." };
        Option<bool> delete = new("--delete") { Description = "Delete the user." };
        Option<bool> scram = new("--scram") { Description = "Store a SCRAM-SHA-256 credential, for MQTT 5.0 clients that authenticate so; plain passwords still work." };
        Command command = new("passwd", "Set or delete a user's password.") { file, user, fromInput, delete, scram };
        command.SetAction(result =>
        {
            string path = Path.Combine(environment.WorkingDirectory, result.GetValue(file)!);
            string name = result.GetValue(user)!;
            try
            {
                return result.GetValue(delete)
                    ? Delete(path, name, environment)
                    : Set(path, name, result.GetValue(fromInput), result.GetValue(scram), environment);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return Fail(environment, e.Message, ExitCode.Failure);
            }
        });
        return command;
    }

    private static int Delete(string path, string user, CliEnvironment environment)
    {
        if (!PasswordFileEditor.Delete(path, user))
        {
            return Fail(environment, $"there is no user '{user}' in {path}", ExitCode.Failure);
        }

        environment.Output.WriteLine($"User '{user}' deleted.");
        return ExitCode.Success;
    }

    private static int Set(string path, string user, bool fromInput, bool scram, CliEnvironment environment)
    {
        if (!PasswordFileEditor.IsValidUser(user))
        {
            return Fail(environment, "a Username in the file is not empty, has no blanks around it and does not begin with #", ExitCode.Usage);
        }

        string? password = fromInput ? environment.Input.ReadLine() : Ask(environment);
        if (string.IsNullOrEmpty(password))
        {
            return Fail(environment, "no password was given, or the two differ; without a terminal use --password-stdin", ExitCode.Usage);
        }

        byte[] bytes = Encoding.UTF8.GetBytes(password);
        PasswordFileEditor.Set(path, user, scram ? ScramCredential.Create(bytes) : PasswordHash.Create(bytes));
        environment.Output.WriteLine($"Password of user '{user}' set.");
        return ExitCode.Success;
    }

    private static string? Ask(CliEnvironment environment)
    {
        string? password = environment.ReadSecret("Password: ");
        return !string.IsNullOrEmpty(password) && environment.ReadSecret("Repeat: ") == password ? password : null;
    }

    private static int Fail(CliEnvironment environment, string text, int exitCode)
    {
        environment.Error.WriteLine($"error: {text}");
        return exitCode;
    }
}
