using System.Text;

namespace Broker.Tests.Conformance;

/// <summary>docs/conformance.md, made from the statements, the tags in the sources and the tests.</summary>
internal sealed class ConformancePage(ILookup<StatementId, string> enforced, ILookup<StatementId, string> tested)
{
    private const string Head = """
        # Conformance

        Every normative statement of MQTT 3.1.1 and 5.0 (the ids of Appendix B of each specification, the rules in our words): where the broker enforces it
        and which tests check it. A test makes this page from the sources and fails when it is stale or has a hole; to bring it up to date, run the tests
        once with `BROKER_UPDATE_DOCS=1`.

        How statements are named, since both versions use the same ids for different rules:

        - In the broker's sources `[MQTT-3.1.2-4]` is a statement of 5.0. A rule of 3.1.1 that 5.0 kept is enforced by the same code; the pairs are in
          `Broker.Tests/Conformance/Data/same-rule.tsv`. What only 3.1.1 says is tagged `[MQTT-3.1.1: 3.8.3-4]`.
        - Tests carry `[Statement("5.0", "MQTT-3.1.2-4")]` or `[Statement("3.1.1", "MQTT-3.1.2-4")]`; a test of both versions carries both. A
          test whose name ends in `_MQTT_3_1_2_4` counts for 5.0.
        - Duties of clients that a server can see broken are tested by breaking them. Those it cannot see are in
          `Broker.Tests/Conformance/Data/not-applicable.tsv` with the reason.

        ## That these tests can fail

        Each tagged line has been broken on purpose (a condition turned round, a statement left out, a value changed), with the tests run that the tables name
        for it. Where they passed all the same, a test was made stricter, the tag moved to the line that counts, or the line removed because nothing needed
        it. Eighty lines of files that changed since were broken again: 66 were found by the tests that the table names, five by others; for seven, tests
        were made stricter until they failed. The other two change nothing that a client sees: one frees memory, one stops a timer that would do nothing.

        What no list of statements covers is covered at random: conversations of several clients are compared with a model of sessions, retained messages and
        QoS after every step, also with durable storage and a broker whose process ends now and then; mutated packets must harm nobody else. The tests print
        their seeds; `BROKER_TESTS_SEED` repeats a conversation.

        ## Public suites

        | suite | held | as the suite expects |
        |---|---|---|
        | Eclipse Paho interoperability tests for 3.1.1 (client_test) | 10 | 10 |
        | Eclipse Paho interoperability tests for 5.0 (client_test5) | 27 | 26 |
        | Broker tests of mosquitto 2.0.11, without those of TLS, bridges, plugins and mount points | 128 | 97 |
        | Its tests of TLS, without the bridge and the two of TLS-PSK, which .NET does not have | 10 | 6 |

        The test cases of Paho were held with a client made for it; those of mosquitto ran as they are, with its settings translated and packets compared by
        what they mean: the order of properties, Reason Strings, limits that CONNACK announces, 0x10 for messages that nobody receives, a DISCONNECT with its
        reason before the connection closes, and whether the acknowledgement or the message comes first are the server's choice. The figures are those with
        durable storage; with `Storage:Kind` `Memory` they are the same, except for three tests that
        restart the broker and two that expect certain Packet Identifiers; the first suite was given an access rule, which one of its tests needs. The tests of TLS had certificates made anew by the suite's own script, the old ones having
        expired, and `CertificateFile` with the intermediate CA, which mosquitto adds from its CA file. What is different, and why:

        | suite expects | broker | because |
        |---|---|---|
        | SUBACK 0x80 for a filter that is not allowed (Paho, 5.0) | 0x87 | 5.0 has a code for it (section 3.9.3) |
        | CONNACK 0x87 for a wrong password (5.0) | 0x86 | "The Server does not accept the User Name or Password" (section 3.2.2.2) |
        | The Will of a connection that is taken over is not published | It is | MQTT-3.1.2-8: only DISCONNECT removes it; in 5.0 a Will Delay does |
        | A delayed Will waits although the session ends | It does not | MQTT-3.1.2-8: whichever comes first |
        | 21 bytes for a client whose Maximum Packet Size is 20 | Not sent | MQTT-3.1.2-24: the fixed header counts (section 2.1.4) |
        | Payload Format Indicator 0xED is forwarded | Protocol Error | The values are 0 and 1 (section 3.3.2.3.2) |
        | DISCONNECT 0x81 for Packet Identifier 0 of SUBSCRIBE and UNSUBSCRIBE | 0x82 | It can be parsed, and has a value that is not allowed: a Protocol Error (section 1.2), as the same suite wants for PUBLISH |
        | PUBCOMP 0x00 for a PUBREL that comes again | 0x92 | Not an error during recovery (section 3.7.2.1) |
        | PUBACK 0x10 for a publish below `$SYS` | 0x87 | Clients do not publish there |
        | Certain Packet Identifiers | Others | Any that is not in use (section 2.2.1) |
        | DUP 0 after a restart of the broker, for what may have been sent | DUP 1 | It says that this might be a repetition (section 3.3.1.1) |
        | A certain member of a shared group first | Another | Which one is the server's choice (section 4.8.2) |
        | More than 200 levels, or 65,535 bytes of `/`, end the connection | SUBACK 0x80 or served; PUBACK | Levels have no limit in the specification (section 4.7.3); `Mqtt:MaximumTopicLevels` is ours |
        | A subscription is granted, and what may not be read is held back later | SUBACK with an error | MQTT-3.8.4-7: a Reason Code says what was granted |
        | A TLS alert for a client certificate that is missing, expired or revoked | The connection is closed without one | MQTT has no rule for it, TLS says "should" (RFC 8446, section 6.2); .NET 10 on Linux checks after the handshake and cannot send it. No CONNECT is read |
        | CONNACK 4 for a client of 3.1.1 without certificate and Username | 5 | 4 is for a malformed User Name or Password, 5 for who may not connect (section 3.2.2.3) |
        | Settings that do not exist here: no empty ClientId, a limit of payload bytes, packets of 30 bytes at most, upgrade of the QoS, access checked again for what is retained or queued, password hashes of its own | | |


        """;

    /// <summary>Where a statement is enforced: by its own tags, or by those of the statement of 5.0 that kept its rule.</summary>
    public IEnumerable<string> Places(StatementId id) =>
        enforced[id].Concat(StatementData.KeptBy.Where(pair => pair.Contains(id)).SelectMany(pair => enforced[pair.Key])).Distinct();

    /// <summary>What is missing for a statement; null when nothing is.</summary>
    public string? Missing(StatementId id)
    {
        if (StatementData.NotApplicable.ContainsKey(id))
        {
            return null;
        }

        return (Places(id).Any(), tested[id].Any()) switch
        {
            (false, false) => "tag and test",
            (false, true) => "tag",
            (true, false) => "test",
            _ => null,
        };
    }

    public string Text()
    {
        var page = new StringBuilder(Head);
        foreach (IGrouping<string, Statement> version in StatementData.All.GroupBy(static statement => statement.Id.Version))
        {
            page.Append($"## MQTT {version.Key}\n\n");
            foreach (IGrouping<string, Statement> chapter in version.GroupBy(static statement => statement.Chapter))
            {
                page.Append($"### {chapter.Key} ({version.Key})\n\n| statement | rule | enforced in | tested by |\n|---|---|---|---|\n");
                foreach (Statement statement in chapter)
                {
                    page.Append(Row(statement));
                }

                page.Append('\n');
            }
        }

        return page.ToString().TrimEnd('\n') + "\n";
    }

    private string Row(Statement statement)
    {
        string start = $"| {statement.Id.Id} | {statement.Side}: {statement.Rule.Replace("|", "\\|", StringComparison.Ordinal)} | ";
        if (StatementData.NotApplicable.TryGetValue(statement.Id, out string? reason))
        {
            return $"{start}not applicable: {reason} | |\n";
        }

        return $"{start}{Joined(Places(statement.Id))} | {Joined(tested[statement.Id])} |\n";
    }

    private static string Joined(IEnumerable<string> parts) =>
        string.Join("<br>", parts.Order(StringComparer.Ordinal).Select(static part => $"`{part}`"));
}
