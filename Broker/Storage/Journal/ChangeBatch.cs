namespace Broker.Storage.Journal;

/// <summary>
/// Changes of several frames that move to the database together, less those that cancel each other out: a message that was queued and removed
/// meanwhile, a shared message that nobody refers to any more, a retained message that was replaced.
/// </summary>
internal sealed class ChangeBatch
{
    private const int LargestKeptBytes = 16 * 1024 * 1024;

    private readonly BatchSurvey _survey = new();
    private byte[] _payload = [];

    /// <summary>Bytes of changes.</summary>
    public int Length { get; private set; }

    /// <summary>Number of the last frame in it.</summary>
    public long LastFrame { get; private set; }

    /// <summary>When that was written, in milliseconds since 1970 (UTC).</summary>
    public long WrittenAt { get; private set; }

    /// <summary>Adds a frame's changes.</summary>
    public void Add(in FrameHeader frame, ReadOnlySpan<byte> payload)
    {
        if (_payload.Length - Length < payload.Length)
        {
            Array.Resize(ref _payload, Math.Max(Length + payload.Length, (int)Math.Min(Array.MaxLength, _payload.Length * 2L)));
        }

        payload.CopyTo(_payload.AsSpan(Length));
        Length += payload.Length;
        LastFrame = frame.Number;
        WrittenAt = frame.WrittenAt;
    }

    /// <summary>Hands what is left of the changes to the target.</summary>
    /// <exception cref="InvalidDataException">See <see cref="ChangeReader.Replay"/>; nothing was handed over.</exception>
    public void ApplyTo(IChangeTarget target)
    {
        var payload = _payload.AsSpan(0, Length);
        _survey.Clear();
        ChangeReader.Replay(payload, _survey);
        _survey.End();
        var netted = new NettedChanges(_survey, target);
        ChangeReader.Replay(payload, netted);
        netted.End();
    }

    /// <summary>Empties the batch.</summary>
    public void Clear()
    {
        Length = 0;
        if (_payload.Length > LargestKeptBytes)
        {
            _payload = [];
        }
    }
}
