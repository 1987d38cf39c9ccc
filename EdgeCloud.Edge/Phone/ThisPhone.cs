using System.Text.Json;
using Microsoft.AspNetCore.Mvc;

namespace EdgeCloud.Edge.Phone;

/// <summary>What a paired phone asks of itself, and what it is to be called.</summary>
internal sealed class ThisPhone(Pairing pairing)
{
    public const string Path = "/this-phone";

    private const int MaxBodyBytes = 1024;

    private static readonly JsonSerializerOptions Json =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, (RequestDelegate)(context =>
            context.Response.WriteAsJsonAsync(PhoneGuard.SessionOf(context)!.Phone, Json)));
        routes.MapPut(Path, (RequestDelegate)RenameAsync).WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes));
    }

    private async Task RenameAsync(HttpContext context)
    {
        if (await ReadNameAsync(context) is not { } name)
        {
            await PhoneGuard.RefuseAsync(
                context, StatusCodes.Status400BadRequest, "No name",
                $"The body must be {{\"name\": \"…\"}}, of at most {PairedPhone.MaxNameLength} characters.");
            return;
        }

        var secret = PhoneGuard.SessionOf(context)!.Secret;
        if (await pairing.RenameAsync(secret, name, context.RequestAborted) is { } phone)
            await context.Response.WriteAsJsonAsync(phone, Json);
        else
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
    }

    /// <summary>Terminals show it, so it has nothing that steers one.</summary>
    private static async Task<string?> ReadNameAsync(HttpContext context)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(
                context.Request.Body, cancellationToken: context.RequestAborted);
            var name = body.RootElement.GetProperty("name").GetString()?.Trim();
            return name is { Length: <= PairedPhone.MaxNameLength } && !name.Any(char.IsControl) ? name : null;
        }
        catch (Exception exception) when (exception
            is JsonException or KeyNotFoundException or InvalidOperationException or BadHttpRequestException)
        {
            return null;
        }
    }
}
