using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;

namespace EdgeCloud.Edge.Phone;

/// <summary>What the listener shows to everyone: why the browser warns, the authority's certificate, and the pairing.
/// </summary>
internal sealed class TrustPage(ListenerCertificate certificate, Pairing pairing, GuessLimit guesses)
{
    public const string Path = "/trust";
    public const string AuthorityPath = "/trust/authority.crt";
    public const string PairPath = "/trust/pair";

    private const int MaxBodyBytes = 1024;

    /// <summary>The longest that Chromium keeps a cookie.</summary>
    private static readonly TimeSpan CookieLifetime = TimeSpan.FromDays(400);

    private static readonly JsonSerializerOptions Json =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, (RequestDelegate)WriteAsync);
        routes.MapGet(AuthorityPath, (RequestDelegate)WriteAuthorityAsync);
        routes.MapPost(PairPath, (RequestDelegate)PairAsync).WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes));
    }

    public static Task WriteAsync(HttpContext context)
    {
        context.Response.ContentType = "text/html";
        context.Response.Headers.CacheControl = "no-cache";
        return context.Response.SendFileAsync(System.IO.Path.Combine(PhoneSite.PageFolder, "trust.html"));
    }

    private Task WriteAuthorityAsync(HttpContext context)
    {
        context.Response.ContentType = "application/x-x509-ca-cert";
        context.Response.Headers.ContentDisposition = "attachment; filename=edgecloud-phones.crt";
        return context.Response.BodyWriter.WriteAsync(certificate.Authority.Der).AsTask();
    }

    private async Task PairAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";

        // A code that is scanned again makes no other device of the phone.
        if (PhoneGuard.SessionOf(context) is { } session)
        {
            await context.Response.WriteAsJsonAsync(session.Phone, Json);
            return;
        }

        var from = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (!guesses.TryAdmit(from, out var wait))
        {
            context.Response.Headers.RetryAfter =
                Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            await PhoneGuard.RefuseAsync(
                context, StatusCodes.Status429TooManyRequests, "Too many tries", "Wait, then scan the QR code again.");
            return;
        }

        if (await ReadTokenAsync(context) is not { } token)
        {
            await PhoneGuard.RefuseAsync(
                context, StatusCodes.Status400BadRequest, "No token", "The body must be {\"token\": \"…\"}.");
            return;
        }

        if (await pairing.PairAsync(token, context.RequestAborted) is not { } secret)
        {
            await PhoneGuard.RefuseAsync(
                context, StatusCodes.Status401Unauthorized, "Not paired",
                $"This QR code is not valid any more, or {Pairing.MaxPhones} phones are paired.");
            return;
        }

        guesses.Forgive(from);
        context.Response.Cookies.Append(PhoneGuard.CookieName, secret, new CookieOptions
        {
            HttpOnly = true,
            Secure = true,
            SameSite = SameSiteMode.Strict,
            Path = "/",
            MaxAge = CookieLifetime,
            IsEssential = true,
        });
        await context.Response.WriteAsJsonAsync(pairing.Find(secret), Json);
    }

    private static async Task<string?> ReadTokenAsync(HttpContext context)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(
                context.Request.Body, cancellationToken: context.RequestAborted);
            return body.RootElement.GetProperty("token").GetString();
        }
        catch (Exception exception) when (exception
            is JsonException or KeyNotFoundException or InvalidOperationException or BadHttpRequestException)
        {
            return null;
        }
    }
}
