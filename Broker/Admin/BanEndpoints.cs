using System.Text.Json;
using Broker.Core;
using Broker.Core.Ports;
using Broker.Observability;
using Broker.Primitives;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Broker.Admin;

/// <summary>`/bans` of the operators' HTTP: list with GET, add with POST, remove with DELETE. </summary>
internal sealed class BanEndpoints(MessageBroker broker, IBanList bans, OperatorAccess access, ILogger logger)
{
    private const string Route = "/bans";

    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder endpoints, MessageBroker broker, IBanList bans, OperatorAccess access, ILogger logger)
    {
        var handler = new BanEndpoints(broker, bans, access, logger);
        endpoints.MapGet(Route, handler.ListAsync);
        endpoints.MapPost(Route, handler.AddAsync);
        endpoints.MapDelete(Route, handler.RemoveAsync);
    }

    private Task ListAsync(HttpContext http) => http.Response.WriteAsJsonAsync(bans.All.Select(static ban => new
    {
        kind = NameOf(ban.Kind),
        value = ban.Value,
        until = ban.Until,
        reason = ban.Reason,
    }));

    private async Task AddAsync(HttpContext http)
    {
        if (!await MayChangeAsync(http))
        {
            return;
        }

        if (!http.Request.HasJsonContentType()) // which a page of another site cannot send from an operator's browser
        {
            await AnswerAsync(http, StatusCodes.Status415UnsupportedMediaType, "send application/json");
            return;
        }

        if (await ReadAsync(http) is not { } ban || !bans.TryKeep(ban, out string? unsaved))
        {
            await AnswerAsync(
                http, StatusCodes.Status400BadRequest, "kind is clientid, user or network; value says which; seconds, if given, is at least 1");
            return;
        }

        Log(http, "ban", ban);
        CloseBanned();
        await AnswerChangedAsync(http, unsaved, "the ban is in force, but ends with the process");
    }

    private async Task RemoveAsync(HttpContext http)
    {
        if (!await MayChangeAsync(http))
        {
            return;
        }

        string value = http.Request.Query["value"].ToString();
        if (!TryParse(http.Request.Query["kind"], out var kind) || !bans.Remove(kind, value, out string? unsaved))
        {
            await AnswerAsync(http, StatusCodes.Status404NotFound, "no such ban");
            return;
        }

        Log(http, "end of the ban", new Ban(kind, value));
        await AnswerChangedAsync(http, unsaved, "the ban has ended, but comes back with the next start");
    }

    private async Task<Ban?> ReadAsync(HttpContext http)
    {
        try
        {
            var request = await http.Request.ReadFromJsonAsync<BanRequest>(http.RequestAborted);
            if (request is not { Value.Length: > 0, Seconds: null or > 0 } || !TryParse(request.Kind, out var kind))
            {
                return null;
            }

            DateTimeOffset? until = request.Seconds is { } seconds ? broker.Clock.Time.GetUtcNow().AddSeconds(seconds) : null;
            return new Ban(kind, request.Value, until, request.Reason);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Who is banned while connected is connected no longer.
    private void CloseBanned()
    {
        foreach (var session in broker.Sessions.All)
        {
            if (bans.Contains(session.ClientId, session.Identity.Username, session.Identity.Peer))
            {
                session.CloseLink(CloseReason.AdministrativeAction);
            }
        }
    }

    private void Log(HttpContext http, string action, Ban ban)
    {
        if (logger.IsEnabled(LogLevel.Information))
        {
            logger.BanChanged(http.Connection.RemoteIpAddress, action, NameOf(ban.Kind), ban.Value, ban.Until, ban.Reason);
        }
    }

    private async ValueTask<bool> MayChangeAsync(HttpContext http)
    {
        if (access.MayChange(http))
        {
            return true;
        }

        await AnswerAsync(http, StatusCodes.Status403Forbidden, "bans are changed with the operators' token, or from the broker's own host where there is none");
        return false;
    }

    private static async ValueTask AnswerChangedAsync(HttpContext http, string? unsaved, string consequence)
    {
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        if (unsaved is not null)
        {
            await AnswerAsync(http, StatusCodes.Status507InsufficientStorage, $"{consequence}: {unsaved}");
        }
    }

    private static Task AnswerAsync(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(new { error = text });
    }

    private static string NameOf(BanKind kind) => kind.ToString().ToLowerInvariant();

    private static bool TryParse(string? name, out BanKind kind)
    {
        BanKind? found = Array.Find<BanKind?>([BanKind.ClientId, BanKind.User, BanKind.Network], each => NameOf(each!.Value) == name);
        kind = found ?? default;
        return found is not null;
    }
}
