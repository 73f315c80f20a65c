using NUnit.Framework;

namespace Broker.Tests.Architecture;

/// <summary>Rooms and doors: which folder may import which.</summary>
internal sealed class DoorTests
{
    [Test]
    public void Every_file_lies_in_a_room()
    {
        string[] homeless = [.. SourceTree.Files.Where(file => file.Room is null).Select(file => "Broker/" + file.Path)];

        Assert.That(homeless, Is.Empty, "These files lie in no room. The rooms are: " + string.Join(", ", House.Rooms.Select(room => room.Name)));
    }

    [Test]
    public void No_file_imports_a_room_without_a_door()
    {
        Doors doors = new(SourceTree.Files);
        string[] violations = [.. SourceTree.Files.SelectMany(doors.Violations)];

        Assert.That(violations, Is.Empty, "Closed doors were used:\n" + string.Join('\n', violations));
    }

    [Test]
    public void The_project_imports_no_room_for_all_files()
    {
        string project = File.ReadAllText(Path.Combine(Repository.Root, "Broker", "Broker.csproj"));

        Assert.That(project, Does.Not.Contain("<Using Include=\"Broker"), "A <Using> item would open a door for every room.");
    }

    [TestCase("Gateways/Mqtt/A.cs", "using Broker.Gateways.PrivateTcp;")]
    [TestCase("Gateways/Mqtt/A.cs", "using Broker.Transports;")]
    [TestCase("Core/Sessions/A.cs", "using Broker.Gateways.Mqtt;")]
    [TestCase("Core/Sessions/A.cs", "using Bytes = Broker.Protocols.Mqtt.PacketReader;")]
    [TestCase("Core/Sessions/A.cs", "using static Broker.Protocols.Mqtt.PacketReader;")]
    [TestCase("Core/Sessions/A.cs", "global using Broker.Connections;")]
    [TestCase("Core/Sessions/A.cs", "namespace Broker.Core.Sessions;\nusing Connections;")]
    [TestCase("Core/Sessions/A.cs", "class A { Broker.Storage.X x; }")]
    [TestCase("Core/Sessions/A.cs", "class A { global::Broker.Storage.X x; }")]
    [TestCase("Core/Sessions/A.cs", "class A { Gateways.Mqtt.Other x; }")]
    [TestCase("Primitives/A.cs", "using Broker.Configuration;")]
    [TestCase("Storage/A.cs", "using Broker.Security;")]
    [TestCase("Hosting/A.cs", "using Broker.Cli;")]
    public void A_closed_door_is_reported(string path, string text)
    {
        string[] violations = ViolationsOf(path, text);

        Assert.That(violations, Has.Length.EqualTo(1));
        Assert.That(violations[0], Does.StartWith($"Broker/{path}:").And.Contain("may import"));
    }

    [TestCase("Gateways/Mqtt/A.cs", "using Broker.Connections;\nusing Broker.Core.Sessions;\nusing Broker.Protocols.Mqtt;")]
    [TestCase("Core/Sessions/A.cs", "using Broker.Core.Topics;\nnamespace Broker.Core.Sessions;")]
    [TestCase("Core/Sessions/A.cs", "// using Broker.Gateways.Mqtt;\nclass A { string s = \"Broker.Gateways.Mqtt\"; }")]
    [TestCase("Primitives/A.cs", "class A { object o = builder.Configuration.Other; object p = Configuration.GetSection(1); }")]
    [TestCase("Program.cs", "using Broker.Cli;")]
    [TestCase("Cli/A.cs", "using Broker.Hosting;\nusing Broker.Transports;")]
    public void An_open_door_is_not_reported(string path, string text) => Assert.That(ViolationsOf(path, text), Is.Empty);

    private static string[] ViolationsOf(string path, string text)
    {
        SourceFile file = new(path, text);
        SourceFile other = new("Gateways/Mqtt/Other.cs", "namespace Broker.Gateways.Mqtt;\nclass Other;");
        return [.. new Doors([file, other]).Violations(file)];
    }
}
