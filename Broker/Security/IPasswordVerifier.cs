namespace Broker.Security;

/// <summary>What a password file holds of a password: enough to recognise it, not enough to know it.</summary>
internal interface IPasswordVerifier
{
    /// <summary>True when <paramref name="password"/> is the one. Slow by design; the comparison takes the same time either way.</summary>
    bool Verify(ReadOnlySpan<byte> password);
}
