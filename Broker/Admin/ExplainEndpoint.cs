using System.Net;
using System.Text;
using Broker.Core;
using Broker.Core.Ports;
using Broker.Core.Sessions;
using Broker.Primitives;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Broker.Admin;

/// <summary>
/// `/acl/explain` of the operators' HTTP: which access rule decides, and why. A client that has a session is asked about as it logged in, with its
/// token's rules and claims; `user`, `peer`, `listener` and `protocol` ask about another one.
/// </summary>
internal sealed class ExplainEndpoint(MessageBroker broker, IAccessExplainer rules)
{
    private static readonly string[] OwnWords = ["user", "peer", "listener", "protocol"];

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder endpoints, MessageBroker broker, IAccessExplainer rules) =>
        endpoints.MapGet("/acl/explain", new ExplainEndpoint(broker, rules).AnswerAsync);

    private Task AnswerAsync(HttpContext http)
    {
        IQueryCollection query = http.Request.Query;
        if (ReadAction(query) is not { } action || ReadTopic(query, action) is not { } topic
            || ReadQos(query) is not { } qos || ReadClient(query) is not { } client)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return http.Response.WriteAsJsonAsync(new
            {
                error = "action is publish, subscribe or receive; topic a Topic Name or, to subscribe, a Topic Filter; "
                    + "client, user, peer (an address), listener, protocol (mqtt or private-tcp), qos and retain=true if given",
            });
        }

        IReadOnlyList<string> lines = rules.Explain(client, action, topic, qos, query["retain"] == "true");
        return http.Response.WriteAsJsonAsync(new
        {
            allowed = lines[0].StartsWith("allowed", StringComparison.Ordinal),
            explanation = lines,
        });
    }

    private ClientIdentity? ReadClient(IQueryCollection query)
    {
        string clientId = query["client"].ToString();
        if (!OwnWords.Any(query.ContainsKey) && broker.Sessions.Find(clientId) is { } session)
        {
            return session.Identity;
        }

        ClientProtocol? protocol = query["protocol"].ToString() switch
        {
            "" or "mqtt" => ClientProtocol.Mqtt5,
            "private-tcp" => ClientProtocol.PrivateTcp,
            _ => null,
        };
        IPAddress? peer = null;
        if (protocol is null || (query.ContainsKey("peer") && !IPAddress.TryParse(query["peer"], out peer)))
        {
            return null;
        }

        string? user = query.ContainsKey("user") ? query["user"].ToString() : null;
        return new ClientIdentity(clientId, user, protocol.Value, query["listener"].ToString(), peer is null ? null : new IPEndPoint(peer, 0));
    }

    private static TopicAction? ReadAction(IQueryCollection query) => query["action"].ToString() switch
    {
        "publish" => TopicAction.Publish,
        "subscribe" => TopicAction.Subscribe,
        "receive" => TopicAction.Receive,
        _ => null,
    };

    private static string? ReadTopic(IQueryCollection query, TopicAction action)
    {
        byte[] topic = Encoding.UTF8.GetBytes(query["topic"].ToString());
        if (action != TopicAction.Subscribe)
        {
            return TopicName.IsValid(topic) ? Encoding.UTF8.GetString(topic) : null;
        }

        return TopicFilter.TryParse(topic, out TopicFilter filter, out _) ? Encoding.UTF8.GetString(filter.Text) : null;
    }

    private static Qos? ReadQos(IQueryCollection query) => query["qos"].ToString() switch
    {
        "" or "0" => Qos.AtMostOnce,
        "1" => Qos.AtLeastOnce,
        "2" => Qos.ExactlyOnce,
        _ => null,
    };
}
