using System.Text.RegularExpressions;

namespace Broker.Tests.Architecture;

/// <summary>The names of the types that a file declares outside of any other type.</summary>
internal static partial class TypeDeclarations
{
    public static string[] TopLevel(SourceFile file) =>
        [.. Declaration().Matches(OutermostCode(file.Code)).Select(match => match.Groups["name"].Value)];

    // What stands in braces, brackets or parentheses (type bodies, attributes, primary constructors) is no top-level declaration.
    private static string OutermostCode(string code)
    {
        int depth = 0;
        char[] outermost = new char[code.Length];
        for (int i = 0; i < code.Length; i++)
        {
            depth -= code[i] is '}' or ']' or ')' ? 1 : 0;
            outermost[i] = depth == 0 ? code[i] : ' ';
            depth += code[i] is '{' or '[' or '(' ? 1 : 0;
        }

        return new string(outermost);
    }

    [GeneratedRegex(@"\b(?:(?:class|interface|enum|record\s+struct|record\s+class|struct|record)\s+(?!where\b)|delegate\s+[\w.<>,?\s*]+?\s)(?<name>\w+)\s*(?=[<({:;]|\bwhere\b)")]
    private static partial Regex Declaration();
}
