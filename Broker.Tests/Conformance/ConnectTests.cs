using Broker.Core.Ports;
using Broker.Primitives;
using Broker.Protocols.Mqtt;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Conformance;

/// <summary>CONNECT: its place, its variable header and what the server does with it.</summary>
internal sealed class ConnectTests : ConformanceFixture
{
    private const string First = "30 05 'a' 00 ~x|32 07 'a' 0001 00 ~x|40 02 0001|50 02 0001|62 02 0001|70 02 0001|82 07 0001 00 'a' 00|A2 06 0001 00 'a'"
        + "|C0 00|E0 00|F0 00|20 02 0000|90 03 0001 00|B0 02 0001|D0 00";

    private static IEnumerable<string> NotConnect => First.Split('|');

    [TestCaseSource(nameof(NotConnect))]
    [Statement("3.1.1", "MQTT-3.1.0-1")]
    [Statement("5.0", "MQTT-3.1.0-1", "MQTT-3.14.0-1")]
    public void Another_packet_before_CONNECT_closes_the_connection_without_a_word(string packet)
    {
        MqttClient client = Open(V5);

        client.Connection.Send(PacketText.Bytes(packet));

        Assert.That((client.Hex(), client.IsClosed), Is.EqualTo((Array.Empty<string>(), true)));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.1.0-2")]
    [Statement("5.0", "MQTT-3.1.0-2", "MQTT-3.2.0-2")]
    public void A_second_CONNECT_closes_the_connection(MqttVersion version)
    {
        MqttClient client = Connect(version);

        client.Send(0x10, Head(version, "02") + "'c1'");

        AssertClosed(client, version, "82");
    }

    [TestCase(V311, "'MQTX'", "^$")]
    [TestCase(V311, "'mqtt'", "^$")]
    [TestCase(V311, "'MQIsdp'", "^20020001$")]
    [TestCase(V311, "''", "^$")]
    [TestCase(V5, "'MQTX'", "^$")]
    [TestCase(V5, "'MQIsdp'", "^20..0084")]
    [Statement("3.1.1", "MQTT-3.1.2-1")]
    [Statement("5.0", "MQTT-3.1.2-1")]
    public void Another_protocol_name_is_not_served(MqttVersion version, string name, string answer)
    {
        MqttClient client = Open(version);

        client.Send(0x10, $"{name} {(int)version:X2} 02 003C {NoProperties(version)} 'c1'");

        Assert.That((client.IsClosed, Server.Broker.Sessions.Count), Is.EqualTo((true, 0)));
        Assert.That(string.Concat(client.Hex()), Does.Match(answer));
    }

    [TestCase(V31, "'MQIsdp' 02", "20020001")]
    [TestCase(V311, "'MQTT' 03", "20020001")]
    [TestCase(V311, "'MQTT' 00", "20020001")]
    [TestCase(V5, "'MQTT' 06", "84")]
    [TestCase(V5, "'MQTT' 7F", "84")]
    [Statement("3.1.1", "MQTT-3.1.2-2", "MQTT-3.2.2-5")]
    [Statement("5.0", "MQTT-3.1.2-2", "MQTT-3.2.2-7")]
    public void An_unknown_protocol_level_is_refused_with_its_code(MqttVersion version, string start, string answer)
    {
        MqttClient client = Open(version);

        client.Send(0x10, $"{start} 02 003C {NoProperties(version)} 'c1'");

        string[] expected = version == V5 ? client.Packets() : client.Hex();
        Assert.That(expected, Is.EqualTo(new[] { version == V5 ? $"CONNACK {answer}" : answer }));
        Assert.That(client.IsClosed, Is.True);
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.1.2-3", "MQTT-3.1.4-1")]
    [Statement("5.0", "MQTT-3.1.2-3", "MQTT-3.1.4-1", "MQTT-4.13.2-1")]
    public void The_reserved_connect_flag_is_malformed(MqttVersion version) => AssertMalformed(version, Head(version, "03") + "'c1'");

    [TestCase("0A")]
    [TestCase("12")]
    [TestCase("22")]
    [Statement("3.1.1", "MQTT-3.1.2-11", "MQTT-3.1.2-13", "MQTT-3.1.2-15")]
    [Statement("5.0", "MQTT-3.1.2-11", "MQTT-3.1.2-13")]
    public void Will_QoS_and_Will_Retain_without_a_Will_are_malformed(string flags)
    {
        AssertMalformed(V311, Head(V311, flags) + "'c1'");
        AssertMalformed(V5, Head(V5, flags) + "'c1'");
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.1.2-14")]
    [Statement("5.0", "MQTT-3.1.2-12")]
    public void Will_QoS_3_is_malformed(MqttVersion version) =>
        AssertMalformed(version, Head(version, "1E") + $"'c1' {NoProperties(version)} 'will' 'gone'");

    [TestCase(V311, "06", "'c1'")]
    [TestCase(V311, "06", "'c1' 'will'")]
    [TestCase(V5, "06", "'c1'")]
    [TestCase(V5, "06", "'c1' 'will' 'gone'")]
    [TestCase(V5, "06", "'c1' 00 'will'")]
    [TestCase(V311, "02", "'c1' 'will' 'gone'")]
    [Statement("3.1.1", "MQTT-3.1.2-9", "MQTT-3.1.2-11")]
    [Statement("5.0", "MQTT-3.1.2-9")]
    public void The_Will_Flag_and_the_payload_agree(MqttVersion version, string flags, string payload) =>
        AssertMalformed(version, Head(version, flags) + payload);

    [TestCase("02", "'c1' 'user'", TestName = "user name without its flag")]
    [TestCase("82", "'c1'", TestName = "flag without user name")]
    [TestCase("82", "'c1' 'user' 'pass'", TestName = "password without its flag")]
    [TestCase("C2", "'c1' 'user'", TestName = "flag without password")]
    [Statement("3.1.1", "MQTT-3.1.2-18", "MQTT-3.1.2-19", "MQTT-3.1.2-20", "MQTT-3.1.2-21")]
    [Statement("5.0", "MQTT-3.1.2-16", "MQTT-3.1.2-17", "MQTT-3.1.2-18", "MQTT-3.1.2-19")]
    public void The_login_flags_and_the_payload_agree(string flags, string payload)
    {
        AssertMalformed(V311, Head(V311, flags) + payload);
        AssertMalformed(V5, Head(V5, flags) + payload);
    }

    [Test]
    [Statement("3.1.1", "MQTT-3.1.2-22")]
    public void A_password_needs_a_user_name_before_5()
    {
        AssertMalformed(V311, Head(V311, "42") + "'c1' 'pass'");
        Assert.That(Open(V5).Send(0x10, Head(V5, "42") + "'c1' 'pass'").Packets(), Is.EqualTo(new[] { "CONNACK 00" }));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.1.3-1", "MQTT-3.1.3-3")]
    [Statement("5.0", "MQTT-3.1.3-1", "MQTT-3.1.3-3")]
    public void The_payload_is_read_in_its_order(MqttVersion version)
    {
        MqttClient watcher = Watcher(version, "#");
        AuthenticationRequest? asked = null;
        Server.Authenticator.Answer = request =>
        {
            asked = request;
            return ValueTask.FromResult(AuthenticationResult.Accepted);
        };

        MqttClient client = Open(version).Send(0x10, Head(version, "C6") + $"'id' {NoProperties(version)} 'topic' 'message' 'user' 'pass'");
        client.Connection.Vanish();

        Assert.That((asked!.ClientId, asked.Username), Is.EqualTo(("id", "user")));
        Assert.That(asked.Password?.ToArray(), Is.EqualTo("pass"u8.ToArray()));
        Assert.That(watcher.Packets(), Is.EqualTo(new[] { "PUBLISH topic message" }));
    }

    [TestCase("02", "")]
    [TestCase("02", "0002C328")]
    [TestCase("82", "'c1' 0003EDA080")]
    [TestCase("06", "'c1' @ 0001FF 'gone'")]
    [Statement("3.1.1", "MQTT-3.1.3-3", "MQTT-3.1.3-4", "MQTT-3.1.3-10", "MQTT-3.1.3-11")]
    [Statement("5.0", "MQTT-3.1.3-3", "MQTT-3.1.3-4", "MQTT-3.1.3-11", "MQTT-3.1.3-12")]
    public void ClientId_Will_Topic_and_user_name_are_UTF8(string flags, string payload)
    {
        AssertMalformed(V311, Head(V311, flags) + payload.Replace("@", "", StringComparison.Ordinal));
        AssertMalformed(V5, Head(V5, flags) + payload.Replace("@", "00", StringComparison.Ordinal));
    }

    [TestCase(V31)]
    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.1.3-5", "MQTT-3.1.4-4")]
    [Statement("5.0", "MQTT-3.1.3-5", "MQTT-3.1.4-5")]
    public void Plain_ClientIds_of_up_to_23_bytes_are_accepted(MqttVersion version)
    {
        foreach (string id in new[] { "0", "Z", "abcdefghijklmnopqrstuvw", "ABCDEFGHIJKLMNOPQRSTUVW", "xyzXYZ0123456789" })
        {
            Assert.That(MqttClient.Open(Server, id, version).Packets(), Is.EqualTo(new[] { "CONNACK 00" }), id);
        }
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.1.3-6")]
    [Statement("5.0", "MQTT-3.1.3-6", "MQTT-3.1.3-7", "MQTT-3.2.2-16")]
    public void An_empty_ClientId_gets_one_that_nobody_has(MqttVersion version)
    {
        ConnAckPacket[] answers = [MqttClient.Open(Server, "", version).ConnAck(version), MqttClient.Open(Server, "", version).ConnAck(version)];

        string[] ids = [.. Server.Broker.Sessions.All.Select(static session => session.ClientId)];
        Assert.That((ids.Length, ids.All(static id => id.Length > 0)), Is.EqualTo((2, true)));
        Assert.That(answers.Select(static answer => answer.AssignedClientIdentifier ?? ""), version == V5 ? Is.EquivalentTo(ids) : Is.All.Empty);
    }

    [Test]
    [Statement("5.0", "MQTT-3.1.3-7")]
    public void The_assigned_ClientId_resumes_its_session()
    {
        string? id = MqttClient.Open(Server, "", V5, clean: false, static packet => packet.SessionExpiryInterval = 60).ConnAck().AssignedClientIdentifier;

        Assert.That(Resume(V5, id!).Packets(), Is.EqualTo(new[] { "CONNACK 00 present" }));
    }

    [TestCase(V31, true)]
    [TestCase(V311, false)]
    [Statement("3.1.1", "MQTT-3.1.3-7", "MQTT-3.1.3-8", "MQTT-3.1.3-9", "MQTT-3.2.2-5")]
    public void An_empty_ClientId_is_rejected_where_it_could_not_come_back(MqttVersion version, bool clean)
    {
        MqttClient client = MqttClient.Open(Server, "", version, clean);

        Assert.That((client.Hex(), client.IsClosed), Is.EqualTo((new[] { "20020002" }, true)));
    }

    [TestCase(V31, false)]
    [TestCase(V311, true)]
    public void ClientIds_of_more_than_23_characters_came_with_3_1_1(MqttVersion version, bool accepted)
    {
        MqttClient client = MqttClient.Open(Server, new string('x', 24), version);

        Assert.That((client.Hex(), client.IsClosed), Is.EqualTo((new[] { accepted ? "20020000" : "20020002" }, !accepted)));
    }

    [TestCase(V311, "CONNACK 02")]
    [TestCase(V5, "CONNACK 85")]
    [Statement("3.1.1", "MQTT-3.1.3-9")]
    [Statement("5.0", "MQTT-3.1.3-8")]
    public void A_rejected_ClientId_has_its_code(MqttVersion version, string answer)
    {
        MqttClient client = MqttClient.Open(Server, new string('x', Server.Options.Mqtt.MaximumClientIdBytes + 1), version);

        Assert.That((client.Packets(), client.IsClosed), Is.EqualTo((new[] { answer }, true)));
    }

    [TestCase(V311, AuthenticationOutcome.BadCredentials, "CONNACK 05")]
    [TestCase(V311, AuthenticationOutcome.Ignored, "CONNACK 05")]
    [TestCase(V311, AuthenticationOutcome.Unavailable, "CONNACK 03")]
    [TestCase(V5, AuthenticationOutcome.BadCredentials, "CONNACK 86")]
    [TestCase(V5, AuthenticationOutcome.Ignored, "CONNACK 87")]
    [TestCase(V5, AuthenticationOutcome.Unavailable, "CONNACK 88")]
    [TestCase(V5, AuthenticationOutcome.Banned, "CONNACK 8a")]
    [Statement("3.1.1", "MQTT-3.1.4-5", "MQTT-3.2.2-4", "MQTT-3.2.2-5")]
    [Statement("5.0", "MQTT-3.1.4-2", "MQTT-3.1.4-6", "MQTT-3.2.2-6", "MQTT-3.2.2-7", "MQTT-3.2.2-8", "MQTT-3.14.0-1")]
    public void Who_is_refused_is_closed_and_no_longer_heard(MqttVersion version, object outcome, string answer)
    {
        Persistent(version).Connection.Vanish();
        MqttClient watcher = Watcher(version, "#");
        var answers = new Queue<AuthenticationResult>([new AuthenticationResult((AuthenticationOutcome)outcome), AuthenticationResult.Accepted]);
        Server.Authenticator.Answer = _ => ValueTask.FromResult(answers.Dequeue());
        byte[] connect = PacketText.Packet(0x10, Head(version, "00") + "'c1'");
        byte[] publish = PacketText.Packet(0x30, $"'a' {NoProperties(version)} ~x");

        MqttClient client = Open(version);
        client.Connection.Send([.. connect, .. connect, .. publish]);

        Assert.That((client.Packets(), client.IsClosed), Is.EqualTo((new[] { answer }, true)));
        Assert.That((watcher.Packets(), answers.Count), Is.EqualTo((Array.Empty<string>(), 1)));
    }

    [TestCase(V311, true)]
    [TestCase(V311, false)]
    [TestCase(V5, true)]
    [TestCase(V5, false)]
    [Statement("3.1.1", "MQTT-3.1.4-2", "MQTT-3.1.3-2")]
    [Statement("5.0", "MQTT-3.1.4-3", "MQTT-3.1.3-2")]
    public void A_ClientId_that_connects_again_takes_over(MqttVersion version, bool clean)
    {
        MqttClient first = clean ? Connect(version) : Persistent(version);
        MqttClient other = Connect(version, "c2");

        MqttClient second = Resume(version, clean: clean);

        AssertClosed(first, version, "8e");
        Assert.That((second.IsClosed, other.IsClosed, Server.Broker.Sessions.Count), Is.EqualTo((false, false, 2)));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.1.2-24")]
    [Statement("5.0", "MQTT-3.1.2-22", "MQTT-3.2.2-22")]
    public void Silence_of_one_and_a_half_keep_alives_ends_the_connection_like_a_failure(MqttVersion version)
    {
        MqttClient watcher = Watcher(version, "will");
        MqttClient client = Connect(version, change: packet =>
        {
            packet.KeepAlive = 10;
            WithWill()(packet);
        });

        Server.Time.Advance(TimeSpan.FromSeconds(14));
        client.Ping();
        Server.Time.Advance(TimeSpan.FromSeconds(14.8));
        bool early = client.IsClosed;
        Server.Time.Advance(TimeSpan.FromSeconds(0.4));

        Assert.That((early, client.Packets(), client.IsClosed), Is.EqualTo((false, (string[])["PINGRESP", .. Goodbye(version, "8d")], true)));
        Assert.That(watcher.Packets(), Is.EqualTo(new[] { "PUBLISH will gone" }));
    }

    [TestCase(V311)]
    [TestCase(V5)]
    [Statement("3.1.1", "MQTT-3.1.2-24")]
    [Statement("5.0", "MQTT-3.1.2-22")]
    public void Keep_alive_0_turns_it_off(MqttVersion version)
    {
        MqttClient client = Connect(version, change: static packet => packet.KeepAlive = 0);

        Server.Time.Advance(TimeSpan.FromHours(19));

        Assert.That(client.IsClosed, Is.False);
    }

    [Test]
    [Statement("5.0", "MQTT-3.1.2-21", "MQTT-3.2.2-21")]
    public void Server_Keep_Alive_overrides_what_the_client_asked_for()
    {
        Server.Options.Mqtt.MaximumKeepAliveSeconds = 10;
        MqttClient client = MqttClient.Open(Server, "c1", V5, change: static packet => packet.KeepAlive = 100);
        ushort? announced = client.ConnAck().ServerKeepAlive;

        Server.Time.Advance(TimeSpan.FromSeconds(15.2));

        Assert.That(announced, Is.EqualTo(10));
        AssertClosed(client, V5, "8d");
    }

    [TestCase(false, null)]
    [TestCase(true, "answers/c1")]
    [Statement("5.0", "MQTT-3.1.2-28")]
    public void Response_information_comes_only_to_those_who_ask(bool asks, string? answer)
    {
        Server.Options.Mqtt.ResponseInformation = "answers/%c";

        MqttClient client = MqttClient.Open(Server, "c1", change: packet => packet.RequestResponseInformation = asks);

        Assert.That(client.ConnAck().ResponseInformation, Is.EqualTo(answer));
    }

    [Test]
    [Statement("5.0", "MQTT-3.1.2-29")]
    public void Without_problem_information_no_packet_but_CONNACK_and_DISCONNECT_says_why()
    {
        MqttClient client = Connect(V5, change: static packet => packet.RequestProblemInformation = false);
        Server.Authorizer.Rule = static (_, _, _) => false;

        client.Publish("a", "x", Qos.AtLeastOnce, packetId: 1);
        client.Publish("a", "x", Qos.ExactlyOnce, packetId: 2);
        client.Subscribe("a", packetId: 3);
        client.Unsubscribe("a");
        client.Acknowledge(PacketType.PubRel, 9);

        Assert.That(client.Hex(), Is.EqualTo(new[] { "4003000187", "5003000287", "900400030087", "B00400010011", "7003000992" }));
    }

    [Test]
    public void A_malformed_CONNECT_of_5_says_so_and_one_before_5_does_not()
    {
        AssertMalformed(V311, Head(V311, "02") + "'c1' FF");
        AssertMalformed(V5, Head(V5, "02") + "'c1' FF");
    }

    // 3.1.1: no CONNACK at all; 5.0: CONNACK with the code, and nothing stays behind.
    private void AssertMalformed(MqttVersion version, string body)
    {
        MqttClient client = Open(version).Send(0x10, body);

        string[] packets = client.Packets();
        Assert.That(packets, version == V5 ? Is.AnyOf(new[] { "CONNACK 81" }, new[] { "CONNACK 82" }) : Is.Empty, body);
        Assert.That((client.IsClosed, Server.Broker.Sessions.All.Any(static session => session.ClientId == "c1")), Is.EqualTo((true, false)));
    }
}
