using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EdgeCloud.Tests.Testing;

/// <summary>A web server on a free port, for whatever a service talks to.</summary>
internal static class LocalServer
{
    public static WebApplication Create()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        return builder.Build();
    }

    /// <summary>A collector of OTLP over HTTP that hands on the bodies as they are, with their signal.</summary>
    public static async Task<WebApplication> CollectAsync(Action<string, byte[]> receive)
    {
        var collector = Create();
        collector.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            receive(signal, body.ToArray());
        });
        await collector.StartAsync();
        return collector;
    }
}
