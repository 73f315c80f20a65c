using System.Numerics;

namespace Broker.Cli.Bench;

/// <summary>
/// Bounds the undelivered messages of one topic: a message leaves the window when each receiver has had it or has missed it, and those
/// before it have left.
/// </summary>
internal sealed class DeliveryWindow
{
    private readonly int _size;
    private readonly int _receivers;
    private readonly int[] _settled;
    private uint _oldest;
    private uint _next;

    public DeliveryWindow(int size, int receivers)
    {
        _size = size;
        _receivers = receivers;
        _settled = new int[BitOperations.RoundUpToPowerOf2((uint)size)];
    }

    /// <summary>Messages that may be sent now.</summary>
    public int Free => _size - (int)(_next - _oldest);

    /// <summary>The next message is sent.</summary>
    public void Add() => _next++;

    /// <summary>One receiver has had a message, or will never have it.</summary>
    public void Settle(uint sequence)
    {
        if (sequence - _oldest >= _next - _oldest)
        {
            return;
        }

        var mask = (uint)_settled.Length - 1;
        _settled[sequence & mask]++;
        while (_oldest != _next && _settled[_oldest & mask] >= _receivers)
        {
            _settled[_oldest & mask] = 0;
            _oldest++;
        }
    }
}
