using System.Collections.Concurrent;
using System.Threading.RateLimiting;

namespace EdgeCloud.Edge.Inference;

/// <summary>A turn at one detector of the pool, or none when too many frames are waiting. Dispose it to let the next frame in.</summary>
internal sealed class DetectorLease(RateLimitLease permit, FaceDetector? detector, ConcurrentBag<FaceDetector> home) : IDisposable
{
    public FaceDetector? Detector => detector;

    public void Dispose()
    {
        if (detector is not null)
            home.Add(detector);
        permit.Dispose();
    }
}
