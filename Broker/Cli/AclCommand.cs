using System.CommandLine;
using System.Net;
using System.Text;
using Broker.Core.Ports;
using Broker.Core.Sessions;
using Broker.Hosting;
using Broker.Primitives;
using Broker.Security.Acl;

namespace Broker.Cli;

/// <summary>`broker acl explain`: which access rule decides on something, and why. Exit status 0 for allowed, 1 for denied.</summary>
internal static class AclCommand
{
    public static Command Create(CliEnvironment environment) => new("acl", "Access rules.") { CreateExplain(environment) };

    private static Command CreateExplain(CliEnvironment environment)
    {
        ConfigurationOptions configuration = new();
        Option<string> client = new("--client") { Description = "ClientId.", HelpName = "ID", DefaultValueFactory = _ => "" };
        Option<string?> user = new("--user") { Description = "Username; left out for an anonymous client.", HelpName = "NAME" };
        Option<IPAddress?> peer = new("--peer") { Description = "Address of the client.", HelpName = "IP", CustomParser = ReadAddress };
        Option<string> listener = new("--listener") { Description = "Name of the listener.", HelpName = "NAME", DefaultValueFactory = _ => "" };
        Option<string> protocol = new("--protocol") { Description = "mqtt (the default) or private-tcp.", DefaultValueFactory = _ => "mqtt" };
        Option<int> qos = new("--qos") { Description = "QoS of the publish or subscription; 0 by default.", HelpName = "0|1|2" };
        Option<bool> retain = new("--retain") { Description = "The publish has RETAIN set." };
        Argument<string> action = new("ACTION") { Description = "publish, subscribe or receive." };
        Argument<string> topic = new("TOPIC") { Description = "Topic Name to publish to or receive, or Topic Filter to subscribe to." };
        protocol.AcceptOnlyFromAmong("mqtt", "private-tcp");
        action.AcceptOnlyFromAmong("publish", "subscribe", "receive");
        qos.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: not ("0" or "1" or "2") }])
            {
                result.AddError("--qos is 0, 1 or 2");
            }
        });
        Command command = new("explain", "Say which access rule decides, and why.")
        {
            client, user, peer, listener, protocol, qos, retain, action, topic,
        };
        configuration.AddTo(command);
        command.SetAction(result =>
        {
            if (StartConfiguration.Load(configuration.Read(result, environment), environment.Error) is not { } settings)
            {
                return ExitCode.Failure;
            }

            ClientIdentity identity = new(
                result.GetValue(client)!,
                result.GetValue(user),
                result.GetValue(protocol) == "mqtt" ? ClientProtocol.Mqtt5 : ClientProtocol.PrivateTcp,
                result.GetValue(listener)!,
                result.GetValue(peer) is { } address ? new IPEndPoint(address, 0) : null);
            TopicAction asked = Enum.Parse<TopicAction>(result.GetValue(action)!, ignoreCase: true);
            AclRequest request = new(identity, asked, (Qos)result.GetValue(qos), result.GetValue(retain));
            return Explain(settings, request, result.GetValue(topic)!, environment);
        });
        return command;
    }

    private static int Explain(ServeSettings settings, AclRequest request, string topic, CliEnvironment environment)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(topic);
        string asked = topic;
        if (request.Action != TopicAction.Subscribe && !TopicName.IsValid(bytes))
        {
            environment.Error.WriteLine($"error: '{topic}' is not a Topic Name");
            return ExitCode.Usage;
        }

        if (request.Action == TopicAction.Subscribe)
        {
            if (!TopicFilter.TryParse(bytes, out TopicFilter filter, out TopicFilterError error))
            {
                environment.Error.WriteLine($"error: '{topic}' is not a Topic Filter: {error}");
                return ExitCode.Usage;
            }

            asked = Encoding.UTF8.GetString(filter.Text);
        }

        IReadOnlyList<string> lines = AclExplanation.Of(settings.Rules, request, asked);
        foreach (string line in lines)
        {
            environment.Output.WriteLine(line);
        }

        return lines[0].StartsWith("allowed", StringComparison.Ordinal) ? ExitCode.Success : ExitCode.Failure;
    }

    private static IPAddress? ReadAddress(System.CommandLine.Parsing.ArgumentResult result)
    {
        if (IPAddress.TryParse(result.Tokens[0].Value, out IPAddress? address))
        {
            return address;
        }

        result.AddError($"--peer {result.Tokens[0].Value} is not an IP address");
        return null;
    }
}
