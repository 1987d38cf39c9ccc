using System.Collections.Frozen;
using EdgeCloud.Edge.Frames;

namespace EdgeCloud.Edge.Phone;

/// <summary>
/// Who gets past the listener's door: whoever asks it by its own name, from no other page, and is paired. Others see
/// <see cref="ForEveryone"/>.
/// </summary>
internal sealed class PhoneGuard(ListenerCertificate certificate, Pairing pairing)
{
    /// <summary>No other host may set it, nor read it over HTTP (RFC 6265bis, 4.1.3.2).</summary>
    public const string CookieName = "__Host-edgecloud-phone";

    /// <summary>The trust page, its files, and what it posts.</summary>
    public static readonly FrozenSet<string> ForEveryone = FrozenSet.Create(
        StringComparer.Ordinal, TrustPage.Path, TrustPage.AuthorityPath, TrustPage.PairPath, "/trust.css", "/theme.css",
        "/icon.svg", "/js/trust.js");

    public static PhoneSession? SessionOf(HttpContext context) => context.Features.Get<PhoneSession>();

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var (request, response) = (context.Request, context.Response);
        response.Headers.ContentSecurityPolicy =
            "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";

        // A machine with an address in the internet too is no access point for everybody there.
        if (context.Connection.LocalIpAddress is not { } local || !LanNames.IsPrivate(local))
        {
            context.Abort();
            return;
        }

        if (!certificate.Names.Contains(request.Host.Host))
        {
            await RefuseAsync(
                context, StatusCodes.Status421MisdirectedRequest, "Another host",
                "This listener answers to the names and addresses of its certificate alone.");
            return;
        }

        if (request.Headers.Origin is [_, ..] origin && origin != $"https://{request.Host}")
        {
            await RefuseAsync(
                context, StatusCodes.Status403Forbidden, "Another origin", "Pages from elsewhere may not ask this.");
            return;
        }

        if (request.Cookies[CookieName] is { } secret && pairing.Find(secret) is { } phone)
        {
            context.Features.Set(new PhoneSession(secret, phone));
            context.Features.Set(new FrameSender(phone.DeviceId));
        }
        else if (!ForEveryone.Contains(request.Path.Value ?? ""))
        {
            response.Headers.CacheControl = "no-store";
            if (request.Path == "/" && HttpMethods.IsGet(request.Method))
            {
                response.StatusCode = StatusCodes.Status401Unauthorized;
                await TrustPage.WriteAsync(context);
                return;
            }

            await RefuseAsync(
                context, StatusCodes.Status401Unauthorized, "Not paired",
                "This phone is not paired, or no longer. Scan the QR code that the edge shows.");
            return;
        }

        await next(context);
    }

    public static Task RefuseAsync(HttpContext context, int status, string title, string detail) =>
        TypedResults.Problem(detail, statusCode: status, title: title).ExecuteAsync(context);
}

/// <summary>A feature of the requests of a paired phone.</summary>
internal sealed record PhoneSession(string Secret, PairedPhone Phone);
