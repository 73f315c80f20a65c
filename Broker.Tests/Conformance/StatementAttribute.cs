namespace Broker.Tests.Conformance;

/// <summary>The statements of one version of MQTT that a test checks.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
internal sealed class StatementAttribute(string version, params string[] ids) : Attribute
{
    /// <summary>Name of the property that gives one case of a parameterised test its statements: "version id".</summary>
    public const string CaseProperty = "Statement";

    /// <summary>3.1.1 or 5.0.</summary>
    public string Version { get; } = version;

    /// <summary>Ids as the specification prints them: MQTT-3.1.2-4.</summary>
    public string[] Ids { get; } = ids;
}
