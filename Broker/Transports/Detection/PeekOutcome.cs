namespace Broker.Transports.Detection;

/// <summary>
/// What a peek at a connection found. <see cref="LooksLike"/> is given when there is no protocol to go on with:
/// <see cref="DetectedProtocol.Unknown"/>, or <see cref="DetectedProtocol.NeedMore"/> when nothing more came in time.
/// </summary>
internal readonly record struct PeekOutcome(DetectedProtocol Protocol, string? LooksLike);
