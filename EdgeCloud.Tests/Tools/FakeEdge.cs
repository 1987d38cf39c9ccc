using EdgeCloud.Contract;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EdgeCloud.Tests.Tools;

/// <summary>Something on the edge's address that answers POST /frame as the test says.</summary>
internal sealed class FakeEdge : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _frames;

    private FakeEdge(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    /// <param name="answer">Gets the number of the frame, from 1, and an event for its device, and
    /// does what it likes.</param>
    public static async Task<FakeEdge> StartAsync(Func<int, DetectionEvent, HttpContext, Task> answer)
    {
        var app = LocalServer.Create();
        var edge = new FakeEdge(app);
        app.MapGet("/alive", () => "Healthy");
        app.MapGet("/health", () => "Healthy");
        app.MapPost("/frame", (HttpContext context) =>
        {
            // A client may send a request again, unasked, when the connection it used before is cut.
            context.Response.Headers.Connection = "close";
            return answer(
                Interlocked.Increment(ref edge._frames),
                Events.Of(context.Request.Query["device_id"].FirstOrDefault() ?? "edge-1", DateTimeOffset.UtcNow),
                context);
        });
        await app.StartAsync();
        return edge;
    }

    /// <summary>As the edge does when it accepts a frame.</summary>
    public static Task AcceptAsync(DetectionEvent detectionEvent, HttpContext context)
    {
        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(DetectionEventJson.Write(detectionEvent)).AsTask();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
