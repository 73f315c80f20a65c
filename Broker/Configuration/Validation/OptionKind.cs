namespace Broker.Configuration.Validation;

/// <summary>What stands at a place in the options.</summary>
internal enum OptionKind
{
    /// <summary>An options class: named keys inside.</summary>
    Section,

    /// <summary>Keys that the operator names.</summary>
    Map,

    /// <summary>Values by number.</summary>
    List,

    /// <summary>One value.</summary>
    Value,
}
