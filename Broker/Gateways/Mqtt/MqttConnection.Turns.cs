using Broker.Protocols.Mqtt;

namespace Broker.Gateways.Mqtt;

internal sealed partial class MqttConnection
{
    // Takes some tenths of a millisecond, for which whoever shares the event loop waits.
    private const int FiltersPerTurn = 64;

    private LongPacket? _long;
    private int _filtersLeft;

    private void BeginFilters()
    {
        IsUnfinished = false;
        _filtersLeft = FiltersPerTurn;
    }

    // This turn has done enough: what is left is for the next one. True when that is a part of the packet in hand, which then stays where it is.
    private bool IsLong(int bytesBehind)
    {
        IsUnfinished = _long is not null || bytesBehind > 0;
        return _long is not null;
    }

    // A packet whose identifier is in use has all its answers already [MQTT-3.8.4-5] [MQTT-3.9.3-1].
    private LongPacket LongPacketOf(ushort packetId, uint identifier, int count, int bytes)
    {
        var codes = new ReasonCode[count];
        var inUse = IsInUse(packetId);
        if (inUse)
        {
            Array.Fill(codes, ReasonCode.PacketIdentifierInUse);
        }

        return new LongPacket(packetId, identifier, codes) { Left = inUse ? 0 : bytes };
    }
}
