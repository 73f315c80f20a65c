using Broker.Tests.Gateways.Mqtt.Storage;
using Broker.Tests.Infrastructure;
using NUnit.Framework;

namespace Broker.Tests.Conformance.Model;

/// <summary>Random conversations agree with the model, and mutated ones harm nobody else. The last seed written is the
/// one that failed; BROKER_TESTS_SEED repeats it.</summary>
internal sealed class ConversationTests
{
    [Test]
    [Statement("3.1.1", "MQTT-4.6.0-6", "MQTT-4.4.0-1", "MQTT-3.3.5-1")]
    [Statement("5.0", "MQTT-4.6.0-5", "MQTT-4.4.0-1", "MQTT-3.3.4-2")]
    public void Sessions_retained_messages_and_QoS_are_as_the_model_says() => Hold(40, static random =>
    {
        var broker = new TestBroker();
        return (new Conversation(random) { Broker = () => broker }, broker);
    });

    [Test]
    [Statement("3.1.1", "MQTT-3.1.2-4", "MQTT-3.1.2-5", "MQTT-3.3.1-1", "MQTT-4.4.0-1")]
    [Statement("5.0", "MQTT-3.1.2-5", "MQTT-3.3.1-1", "MQTT-4.4.0-1")]
    public void They_are_so_with_a_durable_store_whose_broker_crashes() => Hold(20, static random =>
    {
        var broker = new DurableBroker();
        return (new DurableConversation(broker, random) { Broker = () => broker.Broker }, broker);
    });

    private static void Hold(int count, Func<Random, (Conversation Conversation, IDisposable Broker)> begin)
    {
        int first = int.TryParse(Environment.GetEnvironmentVariable("BROKER_TESTS_SEED"), out int given) ? given : Random.Shared.Next(int.MaxValue - count);
        for (int seed = first; seed < first + count; seed++)
        {
            (Conversation conversation, IDisposable broker) = begin(new Random(seed));
            try
            {
                for (int step = 0; step < 150; step++)
                {
                    conversation.Step();
                }
            }
            catch (Exception error) when (error is not AssertionException)
            {
                Assert.Fail($"seed {seed}: {error}\n{conversation.Story}");
            }
            finally
            {
                TestContext.Out.WriteLine($"seed {seed}");
                broker.Dispose();
            }
        }
    }
}
