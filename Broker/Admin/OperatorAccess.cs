using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Broker.Configuration;
using Broker.Configuration.Validation;
using Broker.Observability;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Broker.Admin;

/// <summary>
/// Who may use the operators' HTTP: who has the token; everybody where none is configured, which is possible on loopback only. Health is for everybody.
/// </summary>
internal sealed class OperatorAccess
{
    private const int LinesPerSecond = 5;

    private readonly AdminOptions _options;
    private readonly ILogger _logger;
    private readonly LogBudget _lines;
    private volatile byte[]? _token;

    public OperatorAccess(AdminOptions options, TimeProvider time, ILogger logger)
    {
        _options = options;
        _logger = logger;
        _lines = new LogBudget(time, LinesPerSecond);
        Problem = TryReload();
    }

    /// <summary>What was wrong with the token at first; null when nothing was.</summary>
    public string? Problem { get; }

    private bool NeedsToken => _options is { Token: not null } or { TokenFile: not null };

    /// <summary>Middleware of the operators' own listener.</summary>
    public Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Path.StartsWithSegments("/health"))
        {
            return next(http);
        }

        if (NeedsToken)
        {
            return IsProven(http) ? next(http) : AskForToken(http);
        }

        // A page of another site can have its own name resolved to this address, but not make a browser send another name than that.
        if (IsLocalName(http.Request.Host.Host))
        {
            return next(http);
        }

        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        return http.Response.WriteAsync("Ask by address, or as localhost.\n");
    }

    /// <summary>True when whoever asks may change something: with the token, or without one from the broker's own host.</summary>
    public bool MayChange(HttpContext http) =>
        NeedsToken ? IsProven(http) : http.Connection.RemoteIpAddress is { } peer && IPAddress.IsLoopback(peer);

    /// <summary>Reads the token again; returns what is wrong with it, and has then changed nothing.</summary>
    public string? TryReload()
    {
        try
        {
            string? token = _options.Token ?? (_options.TokenFile is { } file ? SecretFile.Read(file) : null);
            if (token is { Length: < AdminRules.MinimumTokenLength })
            {
                return $"the token is shorter than {AdminRules.MinimumTokenLength} characters";
            }

            _token = token is null ? null : DigestOf(token);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"the file cannot be read: {e.Message}";
        }
    }

    private Task AskForToken(HttpContext http)
    {
        if (_logger.IsEnabled(LogLevel.Information) && _lines.TrySpend(out int unsaid))
        {
            _logger.OperatorRefused(http.Connection.RemoteIpAddress, http.Request.Method, http.Request.Path, unsaid);
        }

        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        http.Response.Headers.WWWAuthenticate = "Basic realm=\"broker\"";
        return http.Response.WriteAsync("Send the operators' token, as bearer token or as the password of HTTP Basic.\n");
    }

    private bool IsProven(HttpContext http) =>
        _token is { } expected
        && AuthenticationHeaderValue.TryParse(http.Request.Headers.Authorization, out AuthenticationHeaderValue? given)
        && SecretIn(given) is { } token
        && CryptographicOperations.FixedTimeEquals(DigestOf(token), expected);

    private static string? SecretIn(AuthenticationHeaderValue given)
    {
        if (given.Parameter is not { } parameter || given.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            return given.Parameter;
        }

        byte[] pair = new byte[parameter.Length];
        if (!given.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) || !Convert.TryFromBase64String(parameter, pair, out int length))
        {
            return null;
        }

        string text = Encoding.UTF8.GetString(pair, 0, length);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : text[(colon + 1)..];
    }

    private static byte[] DigestOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private static bool IsLocalName(string host) =>
        host.Length == 0 || host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host.Trim('[', ']'), out _);
}
