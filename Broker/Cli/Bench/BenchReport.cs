using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Broker.Cli.Bench;

/// <summary>Says what a run has measured: lines for people, or one line of JSON.</summary>
internal static class BenchReport
{
    private static readonly (string Name, double Fraction)[] Percentiles = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p999", 0.999)];

    public static string Text(BenchResult result)
    {
        var (plan, counters) = (result.Plan, result.Counters);
        var text = new StringBuilder();
        void Line(string name, FormattableString value) => text.Append($"{name,-22}").AppendLine(value.ToString(CultureInfo.InvariantCulture));

        Line("scenario", $"{NameOf(plan.Scenario)}, {plan.Clients} clients, QoS {(int)plan.Qos}, {plan.PayloadBytes} bytes, {Pace(plan)}");
        if (plan.Scenario == BenchScenario.Connect)
        {
            Line("connections", $"{result.Connections} in {result.Seconds:0.00} s, {result.UnitsPerSecond:0} per second");
        }
        else
        {
            Line("messages sent", $"{counters.Sent}");
            Line(plan.Scenario == BenchScenario.Offline ? "acknowledged" : "delivered", $"{counters.Received} of {counters.Expected} in {result.Seconds:0.00} s, {result.UnitsPerSecond:0} per second");
            Line("lost", $"{counters.Lost}, duplicates {counters.Duplicates}, out of order {counters.OutOfOrder}, misrouted {counters.Misrouted}");
            Line("not acknowledged", $"{result.Unacknowledged}, refused {counters.Refused}");
        }

        var percentiles = string.Join(", ", Percentiles.Select(each => Invariant($"{each.Name} {Milliseconds(result, each.Fraction):0.000}")));
        Line("latency ms", $"{percentiles}, max {result.Latency.Maximum / 1e6:0.000}");
        if (!plan.IsFlood)
        {
            Line("behind schedule", $"{result.BehindSeconds * 1e3:0.0} ms at worst");
        }

        if (result is { Before: { } before, After: { } after })
        {
            Line("broker CPU", $"{result.BrokerCpuSeconds:0.00} s, {result.BrokerMicrosecondsPerUnit:0.000} µs each");
            Line("broker memory", $"{before.ResidentKib} KiB before, {after.ResidentKib} KiB after, {after.PeakKib} KiB at most");
        }

        Line("own CPU", $"{result.OwnCpuSeconds:0.00} s");
        if (result.Fault is { } fault)
        {
            Line("connection lost", $"{fault}");
        }

        return text.ToString();
    }

    public static string Json(BenchResult result)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            WritePlan(json, result.Plan);
            WriteCounts(json, result);
            WriteCosts(json, result);
            json.WriteString("status", result.Status.ToString().ToLowerInvariant());
            json.WriteString("fault", result.Fault);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>The name of a scenario on the command line.</summary>
    public static string NameOf(BenchScenario scenario) => JsonNamingPolicy.KebabCaseLower.ConvertName(scenario.ToString());

    private static string Pace(BenchPlan plan) => plan switch
    {
        { Scenario: BenchScenario.Connect } => Invariant($"{plan.Concurrency} at a time"),
        { IsFlood: true } => Invariant($"flood with a window of {plan.StreamWindow} per topic"),
        _ => Invariant($"{plan.Rate} per second"),
    };

    private static void WritePlan(Utf8JsonWriter json, BenchPlan plan)
    {
        json.WriteString("scenario", NameOf(plan.Scenario));
        json.WriteString("host", plan.Host);
        json.WriteNumber("mqttVersion", (int)plan.Version);
        json.WriteNumber("clients", plan.Clients);
        json.WriteNumber("qos", (int)plan.Qos);
        json.WriteNumber("payloadBytes", plan.PayloadBytes);
        json.WriteNumber("rate", plan.Rate);
        json.WriteNumber("window", plan.StreamWindow);
    }

    private static void WriteCounts(Utf8JsonWriter json, BenchResult result)
    {
        json.WriteNumber("connections", result.Connections);
        json.WriteNumber("seconds", Math.Round(result.Seconds, 4));
        json.WriteNumber("sent", result.Counters.Sent);
        json.WriteNumber("expected", result.Counters.Expected);
        json.WriteNumber("delivered", result.Counters.Received);
        json.WriteNumber("lost", result.Counters.Lost);
        json.WriteNumber("duplicates", result.Counters.Duplicates);
        json.WriteNumber("outOfOrder", result.Counters.OutOfOrder);
        json.WriteNumber("misrouted", result.Counters.Misrouted);
        json.WriteNumber("refused", result.Counters.Refused);
        json.WriteNumber("unacknowledged", result.Unacknowledged);
        json.WriteNumber("perSecond", Math.Round(result.UnitsPerSecond, 1));
    }

    private static void WriteCosts(Utf8JsonWriter json, BenchResult result)
    {
        json.WriteStartObject("latencyMs");
        foreach (var (name, fraction) in Percentiles)
        {
            json.WriteNumber(name, Math.Round(Milliseconds(result, fraction), 4));
        }

        json.WriteNumber("max", Math.Round(result.Latency.Maximum / 1e6, 4));
        json.WriteEndObject();
        json.WriteNumber("behindMs", Math.Round(result.BehindSeconds * 1e3, 3));
        WriteOptional(json, "brokerCpuSeconds", result.BrokerCpuSeconds);
        WriteOptional(json, "brokerCpuMicrosecondsEach", result.BrokerMicrosecondsPerUnit);
        WriteOptional(json, "brokerResidentKibBefore", result.Before?.ResidentKib);
        WriteOptional(json, "brokerResidentKibAfter", result.After?.ResidentKib);
        WriteOptional(json, "brokerResidentKibPeak", result.After?.PeakKib);
        json.WriteNumber("ownCpuSeconds", Math.Round(result.OwnCpuSeconds, 3));
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } known)
        {
            json.WriteNumber(name, Math.Round(known, 4));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static double Milliseconds(BenchResult result, double fraction) => result.Latency.Percentile(fraction) / 1e6;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
