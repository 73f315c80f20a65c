namespace Broker.Core.Ports;

/// <summary>One client's authentication in several steps. Steps do not overlap.</summary>
public interface IAuthenticationExchange
{
    /// <summary>Takes what the client sent and says what comes next. Must not throw for anything a client can cause.</summary>
    /// <param name="data">Authentication Data; empty when the client sent none. Never logged.</param>
    /// <param name="cancellationToken">Ends with the broker.</param>
    ValueTask<AuthenticationStep> ContinueAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken);
}
