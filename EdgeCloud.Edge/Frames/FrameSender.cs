namespace EdgeCloud.Edge.Frames;

/// <summary>
/// A feature of requests whose sender is known: the one device that it may send as, and that is meant when a frame
/// names none.
/// </summary>
internal sealed record FrameSender(string DeviceId)
{
    public static FrameSender? Of(HttpRequest request) => request.HttpContext.Features.Get<FrameSender>();
}
