using System.Net;
using System.Text;
using System.Text.Json;
using Broker.Core.Ports;
using Broker.Core.Sessions;
using Broker.Primitives;
using Broker.Security.Acl;
using NUnit.Framework;

namespace Broker.Tests.Security.Acl;

/// <summary>Rules and clients for tests, in short.</summary>
internal static class Rules
{
    public static AclRuleSet Of(params string[] lines)
    {
        AclFile file = AclFile.Parse(lines);
        Assert.That(file.Problems, Is.Empty);
        return file.Rules;
    }

    public static ClientIdentity Client(
        string id = "dev", string? user = null, ClientProtocol protocol = ClientProtocol.Mqtt5, string listener = "mqtt", string peer = "10.1.2.3") =>
        new(id, user, protocol, listener, new IPEndPoint(IPAddress.Parse(peer), 1234));

    public static ClientIdentity Carrying(this ClientIdentity client, params string[] rules) =>
        client with { Grants = new ClientGrants { Rules = rules } };

    public static ClientIdentity Claiming(this ClientIdentity client, string json) =>
        client with { Grants = new ClientGrants { Claims = JsonElement.Parse(json) } };

    public static bool MayPublish(this AclRuleSet rules, ClientIdentity client, string topic, Qos qos = Qos.AtMostOnce, bool retain = false) =>
        rules.Decide(new AclRequest(client, TopicAction.Publish, qos, retain), Encoding.UTF8.GetBytes(topic)).IsAllowed;

    public static bool MaySubscribe(this AclRuleSet rules, ClientIdentity client, string filter, Qos qos = Qos.AtMostOnce) =>
        rules.Decide(new AclRequest(client, TopicAction.Subscribe, qos, false), Encoding.UTF8.GetBytes(filter)).IsAllowed;
}
