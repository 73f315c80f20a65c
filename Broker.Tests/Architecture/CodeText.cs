using System.Text.RegularExpressions;

namespace Broker.Tests.Architecture;

/// <summary>Blanks comments, strings and characters, so that only code remains, every line where it was.</summary>
internal static partial class CodeText
{
    public static string Strip(string text) => CommentOrLiteral().Replace(text, static match => Blank(match.Value));

    private static string Blank(string text) => string.Concat(text.Select(static c => c == '\n' ? '\n' : ' '));

    // In the order in which they must win: raw strings before plain ones, verbatim strings before escaped ones.
    [GeneratedRegex("""
        //[^\n]*
        | /\*.*?\*/
        | \$*("{3,}).*?\1
        | (?:\$@|@\$|@)"(?:[^"]|"")*"
        | \$?"(?:[^"\\\n]|\\.)*"
        | '(?:[^'\\\n]|\\[^\n]{1,9}?)'
        """, RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex CommentOrLiteral();
}
