using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;

namespace Broker.Tests.Hosting;

/// <summary>A server on loopback that has what the broker asks a Supabase project for.</summary>
internal sealed class SupabaseStandIn : IAsyncDisposable
{
    public const string ApiKey = "anon-key";
    public const string KnownToken = "token-of-user-1";

    private readonly WebApplication _application;
    private readonly ConcurrentDictionary<string, int> _calls = new();

    private SupabaseStandIn(WebApplication application) => _application = application;

    /// <summary>With which its tokens are signed.</summary>
    public ECDsaSecurityKey SigningKey { get; } = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "signing-key" };

    public string Url => _application.Urls.Single();

    public static async Task<SupabaseStandIn> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication application = builder.Build();
        var standIn = new SupabaseStandIn(application);
        application.Run(standIn.AnswerAsync);
        await application.StartAsync();
        return standIn;
    }

    public int Calls(string path) => _calls.GetValueOrDefault(path);

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
        SigningKey.ECDsa.Dispose();
    }

    private Task AnswerAsync(HttpContext http)
    {
        _calls.AddOrUpdate(http.Request.Path.ToString(), 1, static (_, calls) => calls + 1);
        switch (http.Request.Path.ToString())
        {
            case "/auth/v1/.well-known/jwks.json":
                return http.Response.WriteAsync(Jwks());
            case "/auth/v1/user" when http.Request.Headers["apikey"] == ApiKey && http.Request.Headers.Authorization == $"Bearer {KnownToken}":
                return http.Response.WriteAsync("""{"id":"user-1","aud":"authenticated","role":"authenticated","email":"ann@example.com"}""");
            case "/auth/v1/user":
                http.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return http.Response.WriteAsync("""{"code":401,"msg":"invalid JWT"}""");
            default:
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
        }
    }

    private string Jwks()
    {
        JsonWebKey key = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(SigningKey);
        return JsonSerializer.Serialize(new { keys = new[] { new { kty = key.Kty, kid = key.Kid, crv = key.Crv, x = key.X, y = key.Y, use = "sig", alg = "ES256" } } });
    }
}
