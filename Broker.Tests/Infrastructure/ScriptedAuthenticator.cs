using Broker.Core.Ports;

namespace Broker.Tests.Infrastructure;

/// <summary>Answers as the test says; accepts everyone until then.</summary>
internal sealed class ScriptedAuthenticator : IAuthenticator
{
    public Func<AuthenticationRequest, ValueTask<AuthenticationResult>> Answer { get; set; } = static _ => ValueTask.FromResult(AuthenticationResult.Accepted);

    public AuthenticationRequest? Asked { get; private set; }

    public ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellationToken)
    {
        Asked = request;
        return Answer(request);
    }
}
