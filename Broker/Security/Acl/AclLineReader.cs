using System.Net;
using Broker.Primitives;

namespace Broker.Security.Acl;

/// <summary>
/// Reads one rule:
/// <code>
/// [shadow] allow|deny [user NAME] [client ID] [peer CIDR] [listener NAME] [protocol mqtt|private-tcp] [anonymous] [all]
///     publish|subscribe|all|receive TOPIC-FILTER [qos 0|1|2[,...]] [retain]
/// </code>
/// </summary>
internal sealed class AclLineReader
{
    private readonly List<AclWord> _words;
    private readonly HashSet<string> _seen = [];
    private AclWho _who = new();
    private int _next;

    private AclLineReader(List<AclWord> words) => _words = words;

    /// <exception cref="AclSyntaxException">It is not a rule.</exception>
    public static AclRule Read(string text, int line, int order)
    {
        List<AclWord> words = AclWord.Split(text) ?? throw new AclSyntaxException("a quote is not closed");
        return new AclLineReader(words).ReadRule(text.Trim(), line, order);
    }

    /// <summary>Checks the filter of a rule.</summary>
    /// <exception cref="AclSyntaxException">It is not a Topic Filter.</exception>
    public static string CheckFilter(string filter)
    {
        if (!TopicFilter.TryParse(System.Text.Encoding.UTF8.GetBytes(filter), out TopicFilter parsed, out TopicFilterError error))
        {
            throw new AclSyntaxException($"'{filter}' is not a Topic Filter: {error}");
        }

        return parsed.IsShared
            ? throw new AclSyntaxException("a rule names the filter behind $share/name/, which goes for shared subscriptions as well")
            : filter;
    }

    private AclRule ReadRule(string text, int line, int order)
    {
        bool isShadow = Take("shadow");
        bool allows = Take("allow");
        if (!allows && !Take("deny"))
        {
            throw new AclSyntaxException($"'{Peek()}' where allow, deny or shadow is expected");
        }

        AclActions actions = ReadWhoAndAction();
        string filter = CheckFilter(TakeValue("a topic filter"));
        (byte qos, bool retained) = ReadConditions(actions);
        return new AclRule
        {
            Order = order,
            Line = line,
            Text = text,
            Allows = allows,
            IsShadow = isShadow,
            Who = _who,
            Actions = actions,
            QosMask = qos,
            OnlyRetained = retained,
            Pattern = new AclPattern(filter),
        };
    }

    private AclActions ReadWhoAndAction()
    {
        while (true)
        {
            AclWord word = _next < _words.Count ? _words[_next++] : throw new AclSyntaxException("publish, subscribe or all is missing");
            switch (word.IsQuoted ? "" : word.Text)
            {
                case "publish":
                    return AclActions.Publish;
                case "subscribe":
                    return AclActions.Subscribe;
                case "receive":
                    return AclActions.Receive;
                case "all" when !IsAction():
                    return AclActions.All;
                default:
                    ReadCondition(word);
                    break;
            }
        }
    }

    private void ReadCondition(AclWord word)
    {
        if (!word.IsQuoted && !_seen.Add(word.Text))
        {
            throw new AclSyntaxException($"{word.Text} is there twice");
        }

        _who = (word.IsQuoted ? "" : word.Text) switch
        {
            "all" => _who,
            "anonymous" => _who with { IsAnonymous = true },
            "user" => _who with { User = TakeValue("a Username") },
            "client" => _who with { ClientId = TakeValue("a ClientId") },
            "listener" => _who with { Listener = TakeValue("a listener's name") },
            "peer" => _who with { Peer = ReadNetwork(TakeValue("an address or CIDR")) },
            "protocol" => _who with { IsPrivateTcp = ReadProtocol(TakeValue("mqtt or private-tcp")) },
            _ => throw new AclSyntaxException(
                $"'{word.Text}' is neither a condition (user, client, peer, listener, protocol, anonymous, all) nor an action (publish, subscribe, all, receive)"),
        };
        if (_who is { IsAnonymous: true, User: not null })
        {
            throw new AclSyntaxException("a client is anonymous or has a Username, not both");
        }
    }

    private (byte Qos, bool Retained) ReadConditions(AclActions actions)
    {
        byte qos = AclRule.EveryQos;
        bool retained = false;
        while (_next < _words.Count)
        {
            if (Take("qos"))
            {
                qos = ReadQos(TakeValue("a QoS"));
            }
            else if (Take("retain"))
            {
                retained = true;
            }
            else
            {
                throw new AclSyntaxException($"'{Peek()}' behind the topic filter, where only qos and retain may stand");
            }
        }

        return retained && actions == AclActions.Subscribe
            ? throw new AclSyntaxException("retain is about messages; a subscription has no RETAIN flag")
            : (qos, retained);
    }

    private static byte ReadQos(string text)
    {
        int mask = 0;
        foreach (string each in text.Split(',', '|'))
        {
            mask |= each is "0" or "1" or "2" ? 1 << (each[0] - '0') : throw new AclSyntaxException($"'{text}' is not a QoS: 0, 1, 2, or several like 0,1");
        }

        return (byte)mask;
    }

    private static IPNetwork ReadNetwork(string text)
    {
        if (IPAddress.TryParse(text, out IPAddress? address))
        {
            return new IPNetwork(address, address.GetAddressBytes().Length * 8);
        }

        return IPNetwork.TryParse(text, out IPNetwork network) ? network : throw new AclSyntaxException($"'{text}' is not an IP address or CIDR");
    }

    private static bool ReadProtocol(string text) => text switch
    {
        "mqtt" => false,
        "private-tcp" => true,
        _ => throw new AclSyntaxException($"'{text}' is not a protocol: mqtt or private-tcp"),
    };

    private bool IsAction() => _next < _words.Count && (_words[_next].Is("publish") || _words[_next].Is("subscribe") || _words[_next].Is("all") || _words[_next].Is("receive"));

    private string Peek() => _next < _words.Count ? _words[_next].Text : "";

    private bool Take(string keyword)
    {
        bool isThere = _next < _words.Count && _words[_next].Is(keyword);
        _next += isThere ? 1 : 0;
        return isThere;
    }

    private string TakeValue(string what)
    {
        string? value = _next < _words.Count ? _words[_next++].Text : null;
        return string.IsNullOrEmpty(value) ? throw new AclSyntaxException($"{what} is missing") : value;
    }
}
