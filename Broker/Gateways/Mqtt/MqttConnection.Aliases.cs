using Broker.Core.Routing;

namespace Broker.Gateways.Mqtt;

internal sealed partial class MqttConnection
{
    // An alias takes three bytes: shorter topics are not worth one.
    private const int AliasSize = 3;

    private int _aliasMaximum;
    private SentAliases? _sentAliases;

    // A delivery to a client that allows Topic Aliases [MQTT-3.1.2-26]. The session's lock guards the table.
    private AppendOutcome AppendAliased(in Publication publication, in DeliveryTerms terms, DeliveryBatch batch)
    {
        var aliases = _sentAliases ??= new SentAliases(_aliasMaximum);
        if (aliases.Find(publication.Topic) is var known and not 0)
        {
            return AppendOwnEncoding(publication, default, known, terms, batch);
        }

        if (SizeOf(publication, publication.Topic.Length, hasTopicAlias: true, terms) > _maximumPacketSize)
        {
            return AppendOwnEncoding(publication, publication.Topic, 0, terms, batch);
        }

        // A packet that is not appended tells the client nothing, so the alias is taken afterwards.
        var outcome = AppendOwnEncoding(publication, publication.Topic, aliases.Next, terms, batch);
        if (outcome == AppendOutcome.Appended)
        {
            aliases.Assign(publication.Topic);
        }

        return outcome;
    }
}
