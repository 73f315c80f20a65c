namespace Broker.Protocols.Mqtt;

/// <summary>User Property: a name and a value whose meaning is the application's.</summary>
internal readonly record struct UserProperty(string Name, string Value);
