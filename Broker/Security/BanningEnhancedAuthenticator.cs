using Broker.Core.Ports;

namespace Broker.Security;

/// <summary>Does for authentication in several steps what <see cref="BanningAuthenticator"/> does for passwords.</summary>
internal sealed class BanningEnhancedAuthenticator(BanList bans, FlappingDetector flapping, IEnhancedAuthenticator next) : IEnhancedAuthenticator
{
    /// <inheritdoc />
    public string Method => next.Method;

    /// <inheritdoc />
    public IAuthenticationExchange Begin(AuthenticationRequest request) => new Exchange(bans, flapping, request, next.Begin(request));

    private sealed class Exchange(BanList bans, FlappingDetector flapping, AuthenticationRequest request, IAuthenticationExchange inner) : IAuthenticationExchange
    {
        public async ValueTask<AuthenticationStep> ContinueAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
        {
            if (bans.Contains(request))
            {
                return new AuthenticationStep(BanList.Refusal);
            }

            var step = await inner.ContinueAsync(data, cancellationToken).ConfigureAwait(false);
            return step.Result is { } result ? step with { Result = flapping.Filter(request, bans.Filter(result)) } : step;
        }
    }
}
