using Broker.Core.Ports;

namespace Broker.Security;

/// <summary>An authentication in several steps that ends with the first.</summary>
internal sealed class RefusedExchange(AuthenticationResult refusal) : IAuthenticationExchange
{
    /// <inheritdoc />
    public ValueTask<AuthenticationStep> ContinueAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new AuthenticationStep(refusal));
}
