using System.Text.RegularExpressions;

namespace Broker.Tests.Architecture;

/// <summary>
/// Finds what a file imports: `using` lines and qualified names, both absolute (`Broker.Core.X`) and relative to the enclosing
/// namespace (`Core.X`).
/// </summary>
internal sealed class Doors
{
    private readonly HashSet<string> _names;
    private readonly Regex _reference;

    public Doors(IReadOnlyCollection<SourceFile> files)
    {
        _names = KnownNames(files);

        IEnumerable<string> rooms = House.Rooms
            .Where(room => room.Name != House.Program)
            .Select(room => Regex.Escape(room.Name.Replace('/', '.')));
        _reference = new Regex(
            $@"(?<![\w.])(?<root>(?:global::\s*)?Broker\s*\.\s*)?(?<room>{string.Join('|', rooms)})(?!\w)(?:\s*\.\s*(?<next>\w+))?");
    }

    /// <summary>One line of text for each door in the file that is closed.</summary>
    public IEnumerable<string> Violations(SourceFile file)
    {
        if (file.Room is not { } room)
        {
            yield break;
        }

        foreach (Match match in _reference.Matches(file.Code))
        {
            Room imported = House.Find(match.Groups["room"].Value.Replace('.', '/'));
            if (IsReference(file, match) && !room.MayImport(imported))
            {
                string allowed = room.Doors.Length == 0 ? "nothing" : string.Join(", ", room.Doors);
                yield return $"{file.At(match.Index)}: {room} imports {imported} ({match.Value}); {room} may import {allowed}.";
            }
        }
    }

    // A relative name is a reference only if the room has a namespace or type of that name: `Configuration.GetSection` is a property.
    private bool IsReference(SourceFile file, Match match) =>
        !IsNamespaceDeclaration(file.Code, match.Index)
        && (match.Groups["root"].Success || _names.Contains(match.Groups["room"].Value + "." + match.Groups["next"].Value)
            || IsUsing(file.Code, match.Index));

    private static bool IsNamespaceDeclaration(string code, int index) => LineStart(code, index).StartsWith("namespace ", StringComparison.Ordinal);

    private static bool IsUsing(string code, int index) =>
        Regex.IsMatch(LineStart(code, index), @"^(global\s+)?using\s+(static\s+)?(\w+\s*=\s*)?$");

    private static string LineStart(string code, int index) => code[(code.LastIndexOf('\n', Math.Max(0, index - 1)) + 1)..index].TrimStart('\uFEFF', ' ');

    private static HashSet<string> KnownNames(IEnumerable<SourceFile> files)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (SourceFile file in files)
        {
            if (file.Room is { } room && room.Name != House.Program)
            {
                string below = file.Path[(room.Name.Length + 1)..];
                string first = below.Contains('/') ? below[..below.IndexOf('/')] : file.Name.Split('.')[0];
                names.Add(room.Name.Replace('/', '.') + "." + first);
            }
        }

        return names;
    }
}
