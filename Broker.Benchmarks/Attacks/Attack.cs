namespace Broker.Benchmarks.Attacks;

/// <summary>One way to hurt a broker, or to get in where one does not belong.</summary>
internal abstract class Attack
{
    /// <summary>Name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>What the broker is configured with beyond <see cref="HardenedBroker.Settings"/>; stands after it and overrides it.</summary>
    public virtual IEnumerable<string> Settings(AttackFiles files) => [];

    /// <summary>Attacks until it is done or cancelled. Runs in the attacker's process.</summary>
    public abstract Task RunAsync(AttackTarget target, AttackAnswers answers, CancellationToken cancellationToken);
}
