using Broker.Core.Topics;
using Broker.Primitives;

namespace Broker.Core.Routing;

/// <summary>A message of a shared group whose member has ended before it was delivered: another member is to get it.</summary>
/// <param name="Message">The message.</param>
/// <param name="Group">The group.</param>
internal readonly record struct GroupMessage(Message Message, SharedGroup Group);
