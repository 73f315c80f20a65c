using System.Text;
using Broker.Core.Ports;

namespace Broker.Tests.Infrastructure;

/// <summary>Enhanced authentication that answers as the test says, and remembers what it was told.</summary>
internal sealed class ScriptedExchange : IEnhancedAuthenticator, IAuthenticationExchange
{
    public string Method => "TEST";

    /// <summary>Answers to what clients send, in order.</summary>
    public Queue<Task<AuthenticationStep>> Answers { get; } = new();

    public List<string> Received { get; } = [];

    public IAuthenticationExchange Begin(AuthenticationRequest request)
    {
        Received.Add($"begin {request.ClientId}");
        return this;
    }

    public ValueTask<AuthenticationStep> ContinueAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        Received.Add(Encoding.UTF8.GetString(data.Span));
        return new ValueTask<AuthenticationStep>(Answers.Dequeue());
    }

    public void Continue(string data) => Answers.Enqueue(Task.FromResult(AuthenticationStep.Continue(Encoding.UTF8.GetBytes(data))));

    public void Finish(AuthenticationResult result, string? data = null) =>
        Answers.Enqueue(Task.FromResult(new AuthenticationStep(result, data is null ? null : Encoding.UTF8.GetBytes(data))));
}
