namespace Broker.Configuration.Validation;

/// <summary>Why a value is wrong.</summary>
/// <param name="Reason">What is wrong.</param>
/// <param name="Advice">What would be right.</param>
internal sealed record ValueFault(string Reason, string? Advice);
