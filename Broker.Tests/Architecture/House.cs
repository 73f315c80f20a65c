namespace Broker.Tests.Architecture;

/// <summary>The table of rooms and doors (docs/architecture.md). A door that is not here is closed.</summary>
internal static class House
{
    public const string Root = "Broker";
    public const string Program = "Program";

    private static readonly string[] CoreAndItsImports = ["Core", "Primitives", "Configuration", "Observability"];

    public static readonly Room[] Rooms = Build();

    /// <summary>The room of a file, given its path below Broker/; null when it lies in none.</summary>
    public static Room? Of(string path) => path == "Program.cs"
        ? Find(Program)
        : Rooms.FirstOrDefault(room => path.StartsWith(room.Name + "/", StringComparison.Ordinal));

    public static Room Find(string name) => Rooms.Single(room => room.Name == name);

    private static Room[] Build()
    {
        List<Room> rooms =
        [
            new("Primitives"),
            new("Protocols/Mqtt", "Primitives"),
            new("Protocols/PrivateTcp", "Primitives"),
            new("Configuration", "Primitives"),
            new("Observability", "Primitives", "Configuration"),
            new("Core", "Primitives", "Configuration", "Observability"),
            new("Connections", CoreAndItsImports),
            new("Storage", CoreAndItsImports),
            new("Security", CoreAndItsImports),
            new("Clustering", CoreAndItsImports),
            new("Gateways/Mqtt", [.. CoreAndItsImports, "Connections", "Protocols/Mqtt"]),
            new("Gateways/PrivateTcp", [.. CoreAndItsImports, "Connections", "Protocols/PrivateTcp"]),
            new("Transports", "Primitives", "Configuration", "Observability", "Connections"),
            new("Admin", CoreAndItsImports),
            new("Embedding", "Core", "Primitives"),
        ];

        string[] inner = [.. rooms.Select(room => room.Name)];
        rooms.Add(new Room("Hosting", inner));
        rooms.Add(new Room("Cli", [.. inner, "Hosting"]));
        rooms.Add(new Room(Program, [.. inner, "Hosting", "Cli"]));
        return [.. rooms];
    }
}
