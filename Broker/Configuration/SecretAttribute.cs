namespace Broker.Configuration;

/// <summary>Marks an option whose value is never printed.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretAttribute : Attribute;
