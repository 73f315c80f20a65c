namespace Broker.Core.Ports;

/// <summary>Somebody who may not connect.</summary>
/// <param name="Kind">What the value is.</param>
/// <param name="Value">ClientId, Username, address or CIDR.</param>
/// <param name="Until">When it ends; null for never.</param>
/// <param name="Reason">Why, for operators; null when nobody said.</param>
internal sealed record Ban(BanKind Kind, string Value, DateTimeOffset? Until = null, string? Reason = null);
