using System.Globalization;
using System.Reflection;
using System.Text;
using Broker.Core;
using Broker.Core.Routing;
using Broker.Core.Timing;
using Broker.Primitives;

namespace Broker.Admin;

/// <summary>
/// Publishes the broker's figures below `$SYS/broker`, retained, in Mosquitto's names and formats, so that its dashboards work. Only what has
/// changed is published again.
/// </summary>
internal sealed class SystemTopics : ITimed, IDisposable
{
    private const string Root = "$SYS/broker/";

    private readonly MessageBroker _broker;
    private readonly Dictionary<string, string> _published = [];
    private readonly LoadAverages _loads;
    private readonly long _interval;
    private TimerHandle _timer;
    private long _mostMemory;
    private bool _stopped;

    public SystemTopics(MessageBroker broker)
    {
        _broker = broker;
        _loads = new LoadAverages(broker.Clock.Now);
        _interval = broker.Options.SystemTopicsIntervalSeconds * 1000L;
    }

    /// <summary>Publishes now, and from now on at every interval; does nothing when they are turned off.</summary>
    public void Start()
    {
        if (_interval > 0)
        {
            Publish("version", $"broker version {Version}");
            ((ITimed)this).OnTimer();
        }
    }

    public void Dispose()
    {
        _stopped = true;
        _broker.Wheel.Cancel(ref _timer);
    }

    void ITimed.OnTimer()
    {
        if (_stopped)
        {
            return;
        }

        _timer = _broker.Wheel.Schedule(this, _interval);
        PublishClients();
        PublishTraffic();
        PublishState();
        PublishLoads();
    }

    private static string Version =>
        typeof(SystemTopics).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private void PublishClients()
    {
        var connected = _broker.Metrics.CurrentConnections;
        long total = Math.Max(_broker.Sessions.Count, connected);
        Publish("uptime", $"{_broker.Clock.Now / 1000} seconds");
        Publish("clients/connected", connected);
        Publish("clients/active", connected);
        Publish("clients/disconnected", total - connected);
        Publish("clients/inactive", total - connected);
        Publish("clients/total", total);
        Publish("clients/maximum", _broker.Metrics.MostConnections);
        Publish("clients/expired", _broker.Metrics.SessionsExpired.Total);
    }

    private void PublishTraffic()
    {
        var metrics = _broker.Metrics;
        Publish("messages/received", metrics.MessagesReceived.Total + metrics.ControlPacketsReceived.Total);
        Publish("messages/sent", metrics.MessagesSent.Total + metrics.ControlPacketsSent.Total);
        Publish("bytes/received", metrics.BytesReceived.Total);
        Publish("bytes/sent", metrics.BytesSent.Total);
        Publish("publish/messages/received", metrics.MessagesReceived.Total);
        Publish("publish/messages/sent", metrics.MessagesSent.Total);
        Publish("publish/messages/dropped", metrics.MessagesDropped.Total);
        Publish("publish/bytes/received", metrics.PayloadBytesReceived.Total);
        Publish("publish/bytes/sent", metrics.PayloadBytesSent.Total);
    }

    private void PublishState()
    {
        var memory = GC.GetTotalMemory(forceFullCollection: false);
        _mostMemory = Math.Max(_mostMemory, memory);
        var stored = _broker.Retained.Count + _broker.Queues.Messages;
        Publish("subscriptions/count", _broker.Subscriptions.Count);
        Publish("shared_subscriptions/count", _broker.Subscriptions.SharedCount);
        Publish("retained messages/count", _broker.Retained.Count);
        Publish("messages/stored", stored);
        Publish("store/messages/count", stored);
        Publish("store/messages/bytes", _broker.Retained.Bytes);
        Publish("heap/current", memory);
        Publish("heap/maximum", _mostMemory);
    }

    private void PublishLoads()
    {
        var metrics = _broker.Metrics;
        var opened = metrics.Connections.Sum(static each => each.Total);
        _loads.Update(
            _broker.Clock.Now,
            [
                ("messages/received", metrics.MessagesReceived.Total + metrics.ControlPacketsReceived.Total),
                ("messages/sent", metrics.MessagesSent.Total + metrics.ControlPacketsSent.Total),
                ("publish/received", metrics.MessagesReceived.Total),
                ("publish/sent", metrics.MessagesSent.Total),
                ("publish/dropped", metrics.MessagesDropped.Total),
                ("bytes/received", metrics.BytesReceived.Total),
                ("bytes/sent", metrics.BytesSent.Total),
                ("sockets", opened),
                ("connections", opened),
            ]);
        foreach (var (name, value) in _loads.Values)
        {
            Publish($"load/{name}", value.ToString("F2", CultureInfo.InvariantCulture));
        }
    }

    private void Publish(string name, long value) => Publish(name, value.ToString(CultureInfo.InvariantCulture));

    private void Publish(string name, string value)
    {
        if (_published.GetValueOrDefault(name) == value)
        {
            return;
        }

        _published[name] = value;
        var message = new Message
        {
            Topic = Encoding.UTF8.GetBytes(Root + name),
            Payload = Encoding.UTF8.GetBytes(value),
            Retain = true,
        };
        using var batch = DeliveryBatch.Begin(_broker);
        _broker.Router.Publish(Publication.Of(message), batch);
    }
}
