using System.Collections.Concurrent;
using System.Threading.RateLimiting;

namespace EdgeCloud.Edge.Inference.Streams;

/// <summary>
/// A turn at one stream of the pool, or none when too many frames are waiting. Dispose it to let the next frame in.
/// </summary>
internal sealed class InferenceLease(
    RateLimitLease permit, InferenceStream? stream, ConcurrentBag<InferenceStream> home) : IDisposable
{
    public InferenceStream? Stream => stream;

    public void Dispose()
    {
        if (stream is not null)
            home.Add(stream);
        permit.Dispose();
    }
}
