namespace Broker.Security;

/// <summary>Changes one user of a password file. Everything else in it stays; the file is replaced as a whole or not at all.</summary>
internal static class PasswordFileEditor
{
    /// <summary>True for a name that a line can hold.</summary>
    public static bool IsValidUser(string user) =>
        user.Length > 0 && !user.StartsWith('#') && !user.Any(char.IsControl) && user.Trim() == user;

    /// <summary>Adds the user or replaces its hash. Creates the file, readable by its owner only.</summary>
    public static void Set(string path, string user, PasswordHash hash)
    {
        List<string> lines = File.Exists(path) ? [.. File.ReadAllLines(path)] : [];
        string line = $"{user}:{hash}";
        int index = lines.FindIndex(existing => IsLineOf(existing, user));
        if (index < 0)
        {
            lines.Add(line);
        }
        else
        {
            lines[index] = line;
        }

        Replace(path, lines);
    }

    /// <summary>Removes the user; false when there is none.</summary>
    public static bool Delete(string path, string user)
    {
        List<string> lines = [.. File.ReadAllLines(path)];
        if (lines.RemoveAll(line => IsLineOf(line, user)) == 0)
        {
            return false;
        }

        Replace(path, lines);
        return true;
    }

    private static bool IsLineOf(string line, string user) => PasswordFile.TrySplit(line, out string name, out _) && name == user;

    private static void Replace(string path, IEnumerable<string> lines)
    {
        // Of a symbolic link the target is replaced, not the link.
        path = File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;
        string temporary = $"{path}.{Path.GetRandomFileName()}";
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using (StreamWriter writer = new(temporary, options))
            {
                foreach (string line in lines)
                {
                    writer.Write(line + "\n");
                }

                writer.Flush();
                ((FileStream)writer.BaseStream).Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
