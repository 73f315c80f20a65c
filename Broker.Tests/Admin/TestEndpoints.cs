using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Broker.Tests.Admin;

/// <summary>Endpoints that are asked without a server.</summary>
internal sealed class TestEndpoints : IEndpointRouteBuilder
{
    public ICollection<EndpointDataSource> DataSources { get; } = [];

    public IServiceProvider ServiceProvider { get; } = new NoServices();

    public IApplicationBuilder CreateApplicationBuilder() => throw new NotSupportedException();

    /// <summary>Status and body of the only endpoint with that method.</summary>
    public async Task<string> AskAsync(
        string method, string body = "", string query = "", string peer = "127.0.0.1", string type = "application/json", string? authorization = null)
    {
        DefaultHttpContext http = Request(method, body, query, peer, type, authorization);
        await Find(method)(http);
        return Answer(http);
    }

    public static DefaultHttpContext Request(
        string method, string body = "", string query = "", string peer = "127.0.0.1", string type = "application/json", string? authorization = null)
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        http.Request.Method = method;
        http.Request.ContentType = type;
        http.Request.QueryString = new QueryString(query);
        http.Request.Headers.Authorization = authorization;
        http.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        http.Response.Body = new MemoryStream();
        return http;
    }

    public static string Answer(HttpContext http) =>
        $"{http.Response.StatusCode} {Encoding.UTF8.GetString(((MemoryStream)http.Response.Body).ToArray())}";

    private RequestDelegate Find(string method) => DataSources
        .SelectMany(static source => source.Endpoints)
        .Single(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Contains(method))
        .RequestDelegate!;

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
