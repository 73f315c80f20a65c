namespace Broker.Tests.Architecture;

/// <summary>A folder of the broker that is a layer, and the rooms it has a door to.</summary>
internal sealed record Room(string Name, params string[] Doors)
{
    /// <summary>The room's namespace; Program has the root one.</summary>
    public string Namespace => Name == House.Program ? House.Root : House.Root + "." + Name.Replace('/', '.');

    public bool MayImport(Room other) => other == this || Doors.Contains(other.Name);

    public override string ToString() => Name;
}
