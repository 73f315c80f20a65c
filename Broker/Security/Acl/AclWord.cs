using System.Text;

namespace Broker.Security.Acl;

/// <summary>A word of a rule.</summary>
/// <param name="Text">The word, without quotes.</param>
/// <param name="IsQuoted">It stands in quotes, so it is a name and never a keyword.</param>
internal readonly record struct AclWord(string Text, bool IsQuoted)
{
    /// <summary>True when it is this keyword.</summary>
    public bool Is(string keyword) => !IsQuoted && Text == keyword;

    /// <summary>Splits a line at blanks; `"` around a word keeps blanks in it, `\"` and `\\` stand for themselves. Null when a quote is not closed.</summary>
    public static List<AclWord>? Split(string line)
    {
        List<AclWord> words = [];
        for (int i = 0; i < line.Length;)
        {
            if (char.IsWhiteSpace(line[i]))
            {
                i++;
            }
            else if (line[i] != '"')
            {
                int start = i;
                while (i < line.Length && !char.IsWhiteSpace(line[i]))
                {
                    i++;
                }

                words.Add(new AclWord(line[start..i], false));
            }
            else if (ReadQuoted(line, ref i) is { } text)
            {
                words.Add(new AclWord(text, true));
            }
            else
            {
                return null;
            }
        }

        return words;
    }

    private static string? ReadQuoted(string line, ref int i)
    {
        StringBuilder text = new();
        for (i++; i < line.Length; i++)
        {
            if (line[i] == '"')
            {
                i++;
                return text.ToString();
            }

            if (line[i] == '\\' && i + 1 < line.Length && line[i + 1] is '"' or '\\')
            {
                i++;
            }

            text.Append(line[i]);
        }

        return null;
    }
}
