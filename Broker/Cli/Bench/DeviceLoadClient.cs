using System.Text;
using Broker.Protocols.PrivateTcp;

namespace Broker.Cli.Bench;

/// <summary>A private-TCP device of the load.</summary>
internal sealed class DeviceLoadClient(LoadFlow flow, BenchPlan plan, string clientId) : LoadConnection(flow)
{
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Connects and waits for CONNACK.</summary>
    /// <exception cref="IOException">No connection, or the broker refuses.</exception>
    public async Task ConnectAsync(LoadDialer dialer, CancellationToken cancellationToken)
    {
        Begin(await dialer.DialAsync(plan.GatewayPort, cancellationToken));
        var connect = new ConnectFrame { ClientId = clientId, Username = plan.Username, Password = plan.Password };
        Send(output => PrivateFrameWriter.WriteConnect(connect, output));
        await _connected.Task.WaitAsync(cancellationToken);
    }

    /// <inheritdoc />
    protected override int Process(ReadOnlySpan<byte> data, long now)
    {
        var consumed = 0;
        while (true)
        {
            var status = PrivateFrame.TryRead(data[consumed..], PrivateFrame.MaximumPayloadLength, out var frame, out _);
            if (status == FrameStatus.NeedMore)
            {
                return consumed;
            }

            if (status != FrameStatus.Done)
            {
                throw new InvalidDataException($"frame of the private TCP protocol: {status}");
            }

            if (frame.Type == FrameType.DataTrans)
            {
                Sink?.Accept(frame.Payload, now);
            }
            else if (frame.Type == FrameType.ConnAck)
            {
                OnConnAck(frame);
            }

            consumed += frame.Length;
        }
    }

    /// <inheritdoc />
    protected override void OnLost(string reason)
    {
        var fault = new IOException($"{clientId}: {reason}");
        if (_connected.TrySetException(fault))
        {
            _ = _connected.Task.Exception;
        }

        Flow.Fail(fault.Message);
    }

    private void OnConnAck(in PrivateFrame frame)
    {
        if (frame.Flags == (byte)ConnAckCode.Success)
        {
            _connected.TrySetResult();
        }
        else
        {
            _connected.TrySetException(new IOException($"{clientId}: CONNACK {Encoding.UTF8.GetString(frame.Payload)}"));
        }
    }
}
