namespace Broker.Tests.Conformance;

/// <summary>Names one normative statement; the two versions use the same ids for different rules.</summary>
/// <param name="Version">3.1.1 or 5.0.</param>
/// <param name="Id">MQTT-3.1.2-4.</param>
internal readonly record struct StatementId(string Version, string Id)
{
    public const string V311 = "3.1.1";
    public const string V5 = "5.0";

    public override string ToString() => $"{Version} {Id}";
}
