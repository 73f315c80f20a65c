using System.Diagnostics;
using Broker.Core;
using Broker.Core.Ports;
using Broker.Observability;
using Broker.Primitives;

namespace Broker.Admin;

/// <summary>What `/metrics` shows.</summary>
internal static class MetricsExposition
{
    private static readonly string[] Protocols = ["mqtt", "private-tcp"];

    /// <summary>All metrics as text.</summary>
    public static string Write(MessageBroker broker)
    {
        var text = new MetricsText();
        WriteConnections(text, broker.Metrics);
        WriteTraffic(text, broker.Metrics);
        WriteState(text, broker);
        WriteStorage(text, broker.Metrics.Storage);
        WriteProcess(text);
        return text.ToString();
    }

    private static void WriteConnections(MetricsText text, BrokerMetrics metrics)
    {
        text.Family("broker_connections", "gauge", "Connected clients.");
        foreach (var (protocol, listener, current, _) in metrics.Connections)
        {
            text.Sample(current, ("protocol", NameOf(protocol)), ("listener", listener));
        }

        text.Family("broker_connections_opened_total", "counter", "Clients that connected since the start.");
        foreach (var (protocol, listener, _, total) in metrics.Connections)
        {
            text.Sample(total, ("protocol", NameOf(protocol)), ("listener", listener));
        }

        text.Family("broker_connections_refused_total", "counter", "Connections turned away before their protocol, by listener.");
        foreach (var (listener, refused) in metrics.RefusedByListener)
        {
            text.Sample(refused(), ("listener", listener));
        }

        WriteByEnum<CloseReason>(text.Family("broker_connections_closed_total", "counter", "Connections that ended, by reason."), metrics.ConnectionsClosed, "reason");
        WriteByEnum<AuthenticationOutcome>(text.Family("broker_authentications_total", "counter", "Authentication attempts, by outcome."), metrics.Authentications, "outcome");
        WriteByEnum<TopicAction>(text.Family("broker_authorization_denials_total", "counter", "What access rules refused, by action."), metrics.AuthorizationDenials, "action");
        WriteByEnum<LimitName>(text.Family("broker_limits_reached_total", "counter", "Limits that clients have reached, by limit."), metrics.LimitsReached, "limit");
        WriteByEnum<TopicAction>(text.Family("broker_authorization_shadow_total", "counter", "Decisions that would be others if shadow rules were enforced, by action."), metrics.ShadowDecisions, "action");
    }

    private static void WriteTraffic(MetricsText text, BrokerMetrics metrics)
    {
        WriteByQos(text.Family("broker_messages_received_total", "counter", "Messages from clients."), metrics.MessagesReceived);
        WriteByQos(text.Family("broker_messages_sent_total", "counter", "Messages to clients."), metrics.MessagesSent);
        WriteByProtocol(text.Family("broker_bytes_received_total", "counter", "Bytes from clients."), metrics.BytesReceived);
        WriteByProtocol(text.Family("broker_bytes_sent_total", "counter", "Bytes to clients."), metrics.BytesSent);
        WriteByEnum<DropReason>(text.Family("broker_messages_dropped_total", "counter", "Messages that did not reach a receiver, by reason."), metrics.MessagesDropped, "reason");
    }

    private static void WriteState(MetricsText text, MessageBroker broker)
    {
        text.Family("broker_sessions", "gauge", "Sessions, connected or not.").Sample(broker.Sessions.Count);
        text.Family("broker_subscriptions", "gauge", "Subscriptions of all sessions.").Sample(broker.Subscriptions.Count);
        text.Family("broker_queued_messages", "gauge", "Messages waiting in the queues of sessions.").Sample(broker.Queues.Messages);
        text.Family("broker_queued_bytes", "gauge", "Bytes of those messages.").Sample(broker.Queues.Bytes);
        text.Family("broker_queued_memory_bytes", "gauge", "Bytes of those messages that are in memory; the rest is in the store.").Sample(broker.Queues.BytesInMemory);
        text.Family("broker_retained_messages", "gauge", "Retained messages.").Sample(broker.Retained.Count);
        text.Family("broker_retained_bytes", "gauge", "Bytes of retained messages.").Sample(broker.Retained.Bytes);
        text.Family("broker_uptime_seconds", "gauge", "Seconds since the start.").Sample(broker.Clock.Now / 1000.0);
    }

    private static void WriteStorage(MetricsText text, StorageMetrics storage)
    {
        text.Family("broker_store_available", "gauge", "1 when what must be stored can be, 0 while the disk is full or failing, or the store holds as much as it may.").Sample(storage.IsAvailable ? 1 : 0);
        text.Family("broker_store_commits_total", "counter", "Commits of the journal, one write and one sync each.").Sample(storage.Commits);
        text.Family("broker_store_commit_seconds_total", "counter", "Seconds that commits took.").Sample(storage.CommitSeconds);
        text.Family("broker_store_synced_bytes_total", "counter", "Bytes that commits wrote.").Sample(storage.SyncedBytes);
        text.Family("broker_store_pending_bytes", "gauge", "Bytes recorded and not on disk yet.").Sample(storage.PendingBytes);
        text.Family("broker_store_bytes", "gauge", "Bytes that the store holds, in the database and in the journal before it.").Sample(storage.BytesInUse);
        text.Family("broker_store_journal_bytes", "gauge", "Bytes of the journal's files.").Sample(storage.JournalBytes);
    }

    private static void WriteProcess(MetricsText text)
    {
        using var process = Process.GetCurrentProcess();
        text.Family("process_cpu_seconds_total", "counter", "CPU time of the process.").Sample(process.TotalProcessorTime.TotalSeconds);
        text.Family("process_resident_memory_bytes", "gauge", "Resident memory.").Sample(process.WorkingSet64);
        text.Family("process_threads", "gauge", "Threads.").Sample(process.Threads.Count);
        text.Family("dotnet_gc_heap_bytes", "gauge", "Bytes in the managed heap.").Sample(GC.GetTotalMemory(forceFullCollection: false));
        text.Family("dotnet_gc_allocated_bytes_total", "counter", "Bytes allocated in the managed heap.").Sample(GC.GetTotalAllocatedBytes());
        var collections = text.Family("dotnet_gc_collections_total", "counter", "Garbage collections, by generation.");
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            collections.Sample(GC.CollectionCount(generation), ("generation", generation.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }
    }

    private static void WriteByQos(MetricsText text, CounterVector counters)
    {
        for (var index = 0; index < counters.Length; index++)
        {
            text.Sample(counters[index], ("protocol", Protocols[index / 3]), ("qos", (index % 3).ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }
    }

    private static void WriteByProtocol(MetricsText text, CounterVector counters)
    {
        for (var index = 0; index < counters.Length; index++)
        {
            text.Sample(counters[index], ("protocol", Protocols[index]));
        }
    }

    private static void WriteByEnum<T>(MetricsText text, CounterVector counters, string label)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            text.Sample(counters[Convert.ToInt32(value, System.Globalization.CultureInfo.InvariantCulture)], (label, LabelOf(value.ToString())));
        }
    }

    private static string NameOf(ClientProtocol protocol) => protocol switch
    {
        ClientProtocol.Mqtt31 => "mqtt-3.1",
        ClientProtocol.Mqtt311 => "mqtt-3.1.1",
        ClientProtocol.Mqtt5 => "mqtt-5.0",
        _ => Protocols[1],
    };

    // "QueueFull" becomes "queue_full".
    private static string LabelOf(string name) =>
        string.Concat(name.Select(static (letter, index) => char.IsUpper(letter) ? (index == 0 ? "" : "_") + char.ToLowerInvariant(letter) : letter.ToString()));
}
