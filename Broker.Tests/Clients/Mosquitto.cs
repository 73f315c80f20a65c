using System.Globalization;
using NUnit.Framework;

namespace Broker.Tests.Clients;

/// <summary>Debian's mosquitto_sub and mosquitto_pub against one endpoint with one protocol version.</summary>
internal sealed class Mosquitto(Endpoint target, string version)
{
    private const string MessageMark = "MESSAGE ";

    public Mosquitto(string endpoint, string version)
        : this(RunningBrokers.Endpoint(endpoint), version)
    {
    }

    /// <summary>Starts a subscriber and returns when the broker has acknowledged its subscriptions.</summary>
    public async Task<ToolProcess> SubscribeAsync(params IEnumerable<string> arguments)
    {
        // Its standard output is a pipe here, which it would fill before it writes.
        ToolProcess subscriber = ToolProcess.Start(
            "stdbuf", ["-oL", Tool.MosquittoSub, .. Common(), "-d", "-F", MessageMark + "%t %q %r %p", .. arguments]);
        await subscriber.LineAsync(line => line.StartsWith("Subscribed ", StringComparison.Ordinal));
        return subscriber;
    }

    public async Task PublishAsync(params IEnumerable<string> arguments)
    {
        using ToolProcess publisher = ToolProcess.Start(Tool.MosquittoPub, [.. Common(), .. arguments]);
        Assert.That(await publisher.ExitAsync(), Is.Zero, publisher.Output);
    }

    /// <summary>What a subscriber prints of a message whose payload begins so: topic, QoS, RETAIN, payload.</summary>
    public static async Task<string> MessageAsync(ToolProcess subscriber, string payload) =>
        (await subscriber.LineAsync(line =>
            line.StartsWith(MessageMark, StringComparison.Ordinal) && line.Split(' ', 5)[4].StartsWith(payload, StringComparison.Ordinal)))[MessageMark.Length..];

    private IEnumerable<string> Common()
    {
        string[] tls = target.IsTls ? ["--cafile", RunningBrokers.Certificates.AuthorityFile] : [];
        return ["-h", "127.0.0.1", "-p", target.Port.ToString(CultureInfo.InvariantCulture), "-V", version, .. tls];
    }
}
