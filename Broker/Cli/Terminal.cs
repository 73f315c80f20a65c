using System.Text;

namespace Broker.Cli;

/// <summary>The terminal that the process was started from.</summary>
internal static class Terminal
{
    private const char CtrlC = '\u0003';

    /// <summary>Asks for a secret without echo; null when standard input is no terminal, or on Ctrl-C.</summary>
    public static string? ReadSecret(string prompt)
    {
        if (Console.IsInputRedirected)
        {
            return null;
        }

        Console.Error.Write(prompt);
        bool treatControlCAsInput = Console.TreatControlCAsInput;
        Console.TreatControlCAsInput = true;
        try
        {
            return ReadLineWithoutEcho();
        }
        finally
        {
            Console.TreatControlCAsInput = treatControlCAsInput;
            Console.Error.WriteLine();
        }
    }

    private static string? ReadLineWithoutEcho()
    {
        StringBuilder secret = new();
        while (true)
        {
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
            {
                return secret.ToString();
            }

            if (key.KeyChar == CtrlC)
            {
                return null;
            }

            if (key.Key == ConsoleKey.Backspace)
            {
                secret.Length = Math.Max(0, secret.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                secret.Append(key.KeyChar);
            }
        }
    }
}
