namespace Broker.Configuration;

/// <summary>What the text of an option must look like; on a list, each element of it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ValueFormatAttribute(ValueFormat format) : Attribute
{
    public ValueFormat Format { get; } = format;
}
