namespace Broker.Security.Acl;

/// <summary>A mistake in an ACL file.</summary>
/// <param name="Line">Line number from 1; 0 for the file as a whole.</param>
/// <param name="Text">What is wrong.</param>
internal sealed record AclProblem(int Line, string Text)
{
    public override string ToString() => Line == 0 ? Text : $"line {Line}: {Text}";
}
