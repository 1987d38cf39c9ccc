using EdgeCloud.Edge.Motion;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Frames;

/// <summary>The two routes that take frames, on whichever listener.</summary>
/// <param name="services">The edge's.</param>
/// <param name="process">What becomes of a frame that has been received.</param>
internal sealed class FramePosts(IServiceProvider services, FrameProcess process)
{
    /// <summary>
    /// How many times the largest body the server reads and throws away, so that its sender gets to read why it was
    /// rejected; beyond it the connection is cut.
    /// </summary>
    private const int DiscardedBodies = 4;

    private readonly FrameOptions _options = services.GetRequiredService<IOptions<FrameOptions>>().Value;

    private readonly string? _gate =
        FrameReply.MotionGate(services.GetRequiredService<IOptions<MotionGateOptions>>().Value);

    public RouteHandlerBuilder MapFrame(IEndpointRouteBuilder routes) => Map(
        routes, "/frame", _options.MaxBodyBytes,
        static (reader, request) => reader.ReadAsync(request, request.HttpContext.RequestAborted));

    public RouteHandlerBuilder MapUnchanged(IEndpointRouteBuilder routes) => Map(
        routes, "/frame/unchanged", FrameReader.MaxUnchangedBytes(_options),
        static (reader, request) => reader.ReadUnchangedAsync(request, request.HttpContext.RequestAborted));

    private RouteHandlerBuilder Map(IEndpointRouteBuilder routes, string path, int maxBytes, ReadFrame read)
    {
        // A delegate of the context alone, and not of the services: those would have a scope made for each request.
        var handler = new FrameHandler(services, read, process, _gate, FrameReply.Blur(_options.Blur));
        var endpoint = routes.MapPost(path, (Delegate)handler.HandleAsync)
            .WithMetadata(new RequestSizeLimitAttribute((long)maxBytes * DiscardedBodies));
        endpoint.WithRequestTimeout(new RequestTimeoutPolicy
        {
            Timeout = _options.RequestTimeout,
            TimeoutStatusCode = StatusCodes.Status408RequestTimeout,
        });
        return endpoint;
    }
}
