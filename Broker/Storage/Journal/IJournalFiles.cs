namespace Broker.Storage.Journal;

/// <summary>The directory of the journal. Every member may throw <see cref="IOException"/>.</summary>
internal interface IJournalFiles
{
    /// <summary>Names of the files.</summary>
    IReadOnlyList<string> Names();

    /// <summary>Makes a file of zeros, with its bytes allocated; when that fails no file is left.</summary>
    IJournalFile Create(string name, long length);

    /// <summary>Opens a file to read it.</summary>
    IJournalFile Open(string name);

    /// <summary>Gives a file another name, also while it is open.</summary>
    void Rename(string name, string newName);

    /// <summary>Deletes a file, also while it is open.</summary>
    void Delete(string name);

    /// <summary>Moves a damaged file to another directory, where it stays for the operator; returns the path.</summary>
    string SetAside(string name, string folder);

    /// <summary>Files made, renamed and deleted before are so on the disk when this returns.</summary>
    void Sync();
}
