namespace Broker.Security;

/// <summary>Something about a password file that its owner should know.</summary>
/// <param name="Line">Line number from 1; 0 for the file as a whole.</param>
/// <param name="Text">What it is; never a hash or a password.</param>
/// <param name="IsError">The line does not count; false for a mere warning.</param>
internal sealed record PasswordFileProblem(int Line, string Text, bool IsError)
{
    public override string ToString() => Line == 0 ? Text : $"line {Line}: {Text}";
}
