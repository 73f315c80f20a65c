using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Broker.Configuration;
using Broker.Core.Ports;
using Broker.Observability;
using Broker.Primitives;
using Broker.Security.Acl;
using Microsoft.Extensions.Logging;

namespace Broker.Security.Http;

/// <summary>
/// Asks an HTTP service. Status 204 lets the client in, and 200 if the answer says `"result": "allow"` (or, to a token, whose it is); 400, 401, 403 and 404
/// keep it out; everything else, and no answer in time, is a failure of the service.
/// </summary>
internal sealed class HttpAuthenticator(HttpAuthenticationOptions options, HttpClient http, TimeProvider time, ILogger<HttpAuthenticator> logger)
    : IAuthenticator
{
    private static readonly AuthenticationResult Unavailable = new(AuthenticationOutcome.Unavailable, "the authentication service gives no answer");

    private readonly AcceptedClients _accepted = new(TimeSpan.FromSeconds(options.CacheSeconds), time);
    private readonly CircuitBreaker _breaker = new(options.FailuresBeforePause, TimeSpan.FromSeconds(options.PauseSeconds), time);

    public async ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellationToken)
    {
        if (request.Password is null && (options.Method == HttpAuthenticationMethod.GetBearer || request.Username is null))
        {
            return AuthenticationResult.Ignored;
        }

        string digest = _accepted.DigestOf(request);
        if (_accepted.Find(digest) is { } known)
        {
            return known;
        }

        if (!_breaker.MayTry())
        {
            return Unavailable;
        }

        AuthenticationResult? result = await AskAsync(request, cancellationToken).ConfigureAwait(false);
        if (result is { Outcome: AuthenticationOutcome.Accepted })
        {
            _accepted.Add(digest, result);
        }

        return result ?? Unavailable;
    }

    private async Task<AuthenticationResult?> AskAsync(AuthenticationRequest request, CancellationToken cancellationToken)
    {
        for (int retries = options.Retries; ; retries--)
        {
            try
            {
                AuthenticationResult result = await AskOnceAsync(request, cancellationToken).ConfigureAwait(false);
                _breaker.OnSuccess();
                return result;
            }
            catch (Exception e) when (IsFailure(e))
            {
                if (cancellationToken.IsCancellationRequested || !MayRetry(e, retries))
                {
                    return null;
                }
            }
        }
    }

    private async Task<AuthenticationResult> AskOnceAsync(AuthenticationRequest request, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(TimeSpan.FromMilliseconds(options.TimeoutMilliseconds), time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using HttpRequestMessage question = Question(request);
        using HttpResponseMessage answer = await http.SendAsync(question, both.Token).ConfigureAwait(false);
        return await ReadAsync(answer, both.Token).ConfigureAwait(false);
    }

    // A service that is slow is not asked twice: the client would wait twice as long, and the service have twice as much to do.
    private bool MayRetry(Exception e, int retries)
    {
        if (_breaker.OnFailure())
        {
            string problem = e is OperationCanceledException ? "no answer in time"
                : e is HttpRequestException ? e.Message
                : e is IOException or UnauthorizedAccessException ? "the file of a token or header cannot be read"
                : "an answer that cannot be read";
            logger.AuthenticationServiceFails(options.Url!, problem, options.PauseSeconds);
            return false;
        }

        return retries > 0 && e is HttpRequestException;
    }

    private static bool IsFailure(Exception e) =>
        e is HttpRequestException or OperationCanceledException or JsonException or FormatException or AclSyntaxException
            or IOException or UnauthorizedAccessException;

    private HttpRequestMessage Question(AuthenticationRequest request)
    {
        HttpRequestMessage question = new(HttpMethod.Get, options.Url);
        foreach ((string name, string value) in options.Headers)
        {
            question.Headers.TryAddWithoutValidation(name, value);
        }

        foreach ((string name, string file) in options.HeaderFiles)
        {
            question.Headers.TryAddWithoutValidation(name, SecretFile.Read(file));
        }

        string? token = options.BearerToken;
        if (options.Method == HttpAuthenticationMethod.GetBearer)
        {
            token = Encoding.UTF8.GetString(request.Password!.Value.Span);
        }
        else
        {
            question.Method = HttpMethod.Post;
            question.Content = new StringContent(Body(request), Encoding.UTF8, "application/json");
            token ??= options.BearerTokenFile is { } file ? SecretFile.Read(file) : null;
        }

        if (token is not null)
        {
            // Throws for a password that no header can hold; such a client has no token.
            question.Headers.Authorization = new AuthenticationHeaderValue("Bearer", IsHeaderValue(token) ? token : "-");
        }

        return question;
    }

    private static bool IsHeaderValue(string text) => text.All(letter => letter is > ' ' and < '\x7f');

    private static string Body(AuthenticationRequest request) => JsonSerializer.Serialize(new Dictionary<string, string?>
    {
        ["clientid"] = request.ClientId,
        ["username"] = request.Username,
        ["password"] = request.Password is { } password ? Encoding.UTF8.GetString(password.Span) : null,
        ["protocol"] = request.Protocol == ClientProtocol.PrivateTcp ? "private-tcp" : "mqtt",
        ["listener"] = request.Listener,
        ["peer"] = (request.Peer as IPEndPoint)?.Address.ToString(),
    });

    private async Task<AuthenticationResult> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        switch (answer.StatusCode)
        {
            case HttpStatusCode.NoContent:
                return AuthenticationResult.Accepted;
            case HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound:
                return AuthenticationResult.BadCredentials;
            case HttpStatusCode.OK:
                using (JsonDocument json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false)))
                {
                    return Read(json.RootElement);
                }

            default:
                throw new HttpRequestException($"status {(int)answer.StatusCode}");
        }
    }

    private AuthenticationResult Read(JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("not an object");
        }

        string? username = TextOf(answer, options.UsernameMember);
        if (options.Method == HttpAuthenticationMethod.GetBearer)
        {
            // Only the service knows whose token it is: a name that the client gave proves nothing.
            return string.IsNullOrEmpty(username)
                ? AuthenticationResult.BadCredentials
                : new AuthenticationResult(AuthenticationOutcome.Accepted, Username: username);
        }

        return TextOf(answer, "result") switch
        {
            "allow" => Accept(answer, username),
            "ignore" => AuthenticationResult.Ignored,
            "deny" => AuthenticationResult.BadCredentials,
            _ => throw new FormatException("no result"),
        };
    }

    private static AuthenticationResult Accept(JsonElement answer, string? username) => new(AuthenticationOutcome.Accepted, Username: username)
    {
        Grants = answer.TryGetProperty("acl", out JsonElement rules) ? new ClientGrants { Rules = CarriedRules.Read(rules) } : null,
        Limits = answer.TryGetProperty("limits", out JsonElement limits) ? LimitsReader.Read(limits) : null,
    };

    private static string? TextOf(JsonElement answer, string name) =>
        answer.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;
}
