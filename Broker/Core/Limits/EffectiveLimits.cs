using Broker.Configuration;

namespace Broker.Core.Limits;

/// <summary>The limits that hold for one client, every one decided. What has no limit has the largest value of its type.</summary>
internal sealed class EffectiveLimits
{
    private const int DefaultAlarmPercent = 80;
    private const long DefaultThrottle = 1024;

    /// <param name="given">What is configured for the client, or for its listener.</param>
    /// <param name="options">Where the rest comes from.</param>
    public EffectiveLimits(ClientLimits given, BrokerOptions options)
    {
        var mqtt = options.Mqtt;
        Given = given;
        MaximumConnectionsPerUser = LimitOf(given.MaximumConnectionsPerUser);
        MaximumSessionsPerUser = LimitOf(given.MaximumSessionsPerUser);
        MaximumSubscriptions = LimitOf(given.MaximumSubscriptions);
        MaximumTopicLevels = given.MaximumTopicLevels ?? mqtt.MaximumTopicLevels;
        MaximumTopicBytes = given.MaximumTopicBytes ?? ushort.MaxValue;
        MaximumPacketSizeBytes = given.MaximumPacketSizeBytes ?? mqtt.MaximumPacketSizeBytes;
        ReceiveMaximum = Math.Clamp(given.ReceiveMaximum ?? mqtt.ReceiveMaximum, 1, ushort.MaxValue);
        MaximumInflight = Math.Clamp(given.MaximumInflight ?? mqtt.MaximumInflight, 1, ushort.MaxValue);
        MaximumRetainedMessages = LimitOf(given.MaximumRetainedMessages);
        MaximumRetainedBytes = LimitOf(given.MaximumRetainedBytes);
        MaximumQos = Math.Clamp(given.MaximumQos ?? mqtt.MaximumQos, 0, 2);
        RetainAvailable = given.RetainAvailable ?? mqtt.RetainAvailable;
        WildcardSubscriptionAvailable = given.WildcardSubscriptionAvailable ?? mqtt.WildcardSubscriptionAvailable;
        SharedSubscriptionAvailable = given.SharedSubscriptionAvailable ?? mqtt.SharedSubscriptionAvailable;
        MinimumKeepAliveSeconds = Math.Clamp(given.MinimumKeepAliveSeconds ?? 0, 0, ushort.MaxValue);
        MaximumKeepAliveSeconds = Math.Clamp(given.MaximumKeepAliveSeconds ?? mqtt.MaximumKeepAliveSeconds, 0, ushort.MaxValue);
    }

    /// <summary>What they were made of: rates, budgets and what the session takes over.</summary>
    public ClientLimits Given { get; }

    public int MaximumConnectionsPerUser { get; }

    public int MaximumSessionsPerUser { get; }

    public int MaximumSubscriptions { get; }

    public int MaximumTopicLevels { get; }

    public int MaximumTopicBytes { get; }

    public int MaximumPacketSizeBytes { get; }

    public int ReceiveMaximum { get; }

    public int MaximumInflight { get; }

    public int MaximumRetainedMessages { get; }

    public long MaximumRetainedBytes { get; }

    public int MaximumQos { get; }

    public bool RetainAvailable { get; }

    public bool WildcardSubscriptionAvailable { get; }

    public bool SharedSubscriptionAvailable { get; }

    /// <summary>0 for no limit.</summary>
    public int MinimumKeepAliveSeconds { get; }

    /// <summary>0 for no limit.</summary>
    public int MaximumKeepAliveSeconds { get; }

    /// <summary>True when what the client sends is counted: a rate or a budget is set.</summary>
    public bool IsMetered => Given.MessagesPerSecond > 0 || Given.BytesPerSecond > 0 || HasBudget;

    /// <summary>True when a day's or a month's bytes are limited.</summary>
    public bool HasBudget => Given.BytesPerDay > 0 || Given.BytesPerMonth > 0;

    /// <summary>The smaller of the budgets that are set, in bytes.</summary>
    public long SmallerBudget => Math.Min(LimitOf(Given.BytesPerDay), LimitOf(Given.BytesPerMonth));

    /// <summary>True when the client's retained messages are counted.</summary>
    public bool LimitsRetained => MaximumRetainedMessages != int.MaxValue || MaximumRetainedBytes != long.MaxValue;

    /// <summary>Part of a budget at which operators are told, in percent.</summary>
    public int BudgetAlarmPercent => Given.BudgetAlarmPercent ?? DefaultAlarmPercent;

    /// <summary>Bytes per second once a budget is used up.</summary>
    public long BudgetThrottleBytesPerSecond => Given.BudgetThrottleBytesPerSecond ?? DefaultThrottle;

    /// <summary>True when the sessions of the client's user are counted.</summary>
    public bool LimitsSessions => MaximumSessionsPerUser != int.MaxValue;

    /// <summary>The Keep Alive that holds for a client that asks for so many seconds; 0 stands for none.</summary>
    public ushort KeepAliveFor(ushort seconds)
    {
        if (MaximumKeepAliveSeconds > 0 && (seconds == 0 || seconds > MaximumKeepAliveSeconds))
        {
            return (ushort)MaximumKeepAliveSeconds;
        }

        return seconds > 0 && seconds < MinimumKeepAliveSeconds ? (ushort)MinimumKeepAliveSeconds : seconds;
    }

    /// <summary>
    /// The same for a client that cannot be told: its own Keep Alive holds unless it is longer than the longest, or none. A server may end a
    /// connection that is silent whatever its Keep Alive (MQTT 3.1.1 section 3.1.2.10), but not keep one that is silent for longer than that.
    /// </summary>
    public ushort KeepAliveWithoutTelling(ushort seconds) => seconds > 0 && seconds < MinimumKeepAliveSeconds ? seconds : KeepAliveFor(seconds);

    private static int LimitOf(int? given) => given is > 0 and { } limit ? limit : int.MaxValue;

    private static long LimitOf(long? given) => given is > 0 and { } limit ? limit : long.MaxValue;
}
