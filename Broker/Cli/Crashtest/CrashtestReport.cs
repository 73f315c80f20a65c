using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Broker.Cli.Crashtest.Audit;

namespace Broker.Cli.Crashtest;

/// <summary>Says what a run has found: a table for people, or one line of JSON.</summary>
internal static class CrashtestReport
{
    private static readonly (string Heading, Func<RoundTally, string> Value)[] Columns =
    [
        ("up ms", round => Text(round.UpAfterMilliseconds)),
        ("kill ms", round => round.KilledAfterMilliseconds is { } milliseconds ? Text(milliseconds) : "-"),
        ("published", round => Text(round.Published)),
        ("acknowledged", round => Text(round.Acknowledged)),
        ("delivered", round => Text(round.Delivered)),
        ("dup QoS 1", round => Text(round.DuplicatesQos1)),
        .. Enum.GetValues<ViolationKind>().Select(kind => (HeadingOf(kind), (Func<RoundTally, string>)(round => Text(round[kind])))),
    ];

    public static string Text(CrashtestResult result)
    {
        var text = new StringBuilder();
        text.Append($"{"round",7}").AppendJoin("", Columns.Select(column => "  " + column.Heading)).AppendLine();
        for (var index = 0; index < result.Rounds.Count; index++)
        {
            Append(text, index == result.Rounds.Count - 1 && result.Plan.Rounds > 0 ? "drain" : Text(index + 1), result.Rounds[index]);
        }

        var totals = result.Totals;
        Append(text, "total", totals, skip: 2);
        text.AppendLine().AppendLine(Invariant($"killed while it started: {totals.KilledAtStart}; refused: {totals.Refused}; seed: {result.Plan.Seed}"));
        if (result.Fault is { } fault)
        {
            text.AppendLine($"connection: {fault}");
        }

        foreach (var example in result.Examples)
        {
            text.AppendLine($"violation: {example}");
        }

        return text.AppendLine(Verdict(result, totals)).ToString();
    }

    public static string Json(CrashtestResult result)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("status", result.Status.ToString().ToLowerInvariant());
            json.WriteNumber("seed", result.Plan.Seed);
            json.WritePropertyName("totals");
            Write(json, result.Totals);
            json.WriteStartArray("rounds");
            foreach (var round in result.Rounds)
            {
                Write(json, round);
            }

            json.WriteEndArray();
            json.WriteStartArray("violations");
            foreach (var example in result.Examples)
            {
                json.WriteStringValue(example);
            }

            json.WriteEndArray();
            json.WriteString("fault", result.Fault);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static void Append(StringBuilder text, string name, RoundTally round, int skip = 0)
    {
        text.Append($"{name,7}");
        for (var index = 0; index < Columns.Length; index++)
        {
            var (heading, value) = Columns[index];
            text.Append("  ").Append((index < skip ? "" : value(round)).PadLeft(heading.Length));
        }

        text.AppendLine();
    }

    private static void Write(Utf8JsonWriter json, RoundTally round)
    {
        json.WriteStartObject();
        json.WriteNumber("upAfterMs", round.UpAfterMilliseconds);
        if (round.KilledAfterMilliseconds is { } milliseconds)
        {
            json.WriteNumber("killedAfterMs", milliseconds);
        }

        json.WriteNumber("killedAtStart", round.KilledAtStart);
        json.WriteNumber("published", round.Published);
        json.WriteNumber("acknowledged", round.Acknowledged);
        json.WriteNumber("refused", round.Refused);
        json.WriteNumber("delivered", round.Delivered);
        json.WriteNumber("duplicatesQos1", round.DuplicatesQos1);
        foreach (var kind in Enum.GetValues<ViolationKind>())
        {
            json.WriteNumber(JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()), round[kind]);
        }

        json.WriteEndObject();
    }

    private static string HeadingOf(ViolationKind kind) => kind switch
    {
        ViolationKind.Lost => "lost",
        ViolationKind.DuplicateQos2 => "dup QoS 2",
        ViolationKind.OutOfOrder => "order",
        ViolationKind.RetainedLost => "retained",
        ViolationKind.SessionLost => "sessions",
        ViolationKind.SubscriptionLost => "subscriptions",
        _ => "corrupted",
    };

    private static string Verdict(CrashtestResult result, RoundTally totals) => result.Status switch
    {
        CrashtestExitStatus.Clean => "clean: no promise was broken",
        CrashtestExitStatus.Violation => Invariant($"VIOLATION: {totals.Violations} promises were broken"),
        _ => "nothing was tested: no message was acknowledged and delivered",
    };

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture).PadLeft(5);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
