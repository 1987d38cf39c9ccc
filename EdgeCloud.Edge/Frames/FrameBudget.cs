using System.Runtime.CompilerServices;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Inference.Streams;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Frames;

/// <summary>
/// What the edge can spend on frames: turns at the models, memory, and a rate for each device. A frame is rejected as
/// early as it can be told that there is nothing left for it.
/// </summary>
internal sealed class FrameBudget(
    InferencePool inference, FrameMemory memory, DeviceRates rates, IOptions<FrameOptions> options, TimeProvider time)
{
    private readonly FrameOptions _options = options.Value;

    /// <summary>Asked before a body is read, so that rejecting is cheap.</summary>
    /// <returns>Why no frame can be admitted now; null when one can.</returns>
    public FrameRejection? Rejection() =>
        !inference.IsLoaded ? FrameRejection.ModelsNotLoaded()
        : inference.IsFull ? FrameRejection.Overloaded()
        : null;

    /// <summary>Waits for a turn at the models, for a frame within its bounds.</summary>
    /// <param name="frame">As it was received.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The admission, which the caller disposes, or why there is none.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<(FrameAdmission? Admission, FrameRejection? Rejection)> AdmitAsync(
        ReceivedFrame frame, CancellationToken cancellationToken)
    {
        // Only now, since the page names its device in the body; reading a frame costs a hundredth of analysing it.
        if (!rates.TryAdmit(frame.DeviceId, out var wait))
            return (null, FrameRejection.DeviceTooFast(frame.DeviceId, _options.MaxFramesPerSecond, wait));

        var (accepted, acceptedMonotonic) = (time.GetUtcNow().ToMicroseconds(), time.GetElapsedTime(0));
        var decodedBytes = 0L;
        if (frame.Repeated is null && PictureProblem(frame.Jpeg, out decodedBytes) is { } unfit)
            return (null, unfit);

        var lease = await inference.AcquireAsync(cancellationToken);
        var share = memory.Open();
        var admission = new FrameAdmission(lease, share, accepted, acceptedMonotonic);
        if (lease.Stream is not null && share.TryTake(decodedBytes))
            return (admission, null);

        admission.Dispose();
        return (null, lease.Stream is null ? FrameRejection.Overloaded() : FrameRejection.OutOfMemory());
    }

    private FrameRejection? PictureProblem(ReadOnlySpan<byte> jpeg, out long decodedBytes)
    {
        decodedBytes = 0;
        var freeBytes = _options.MaxMemoryBytes - jpeg.Length;
        if (!JpegHeader.TryRead(jpeg, out var header, out var problem))
            return FrameRejection.InvalidJpeg(problem);
        if ((long)header.Width * header.Height > _options.MaxPixels)
            return FrameRejection.TooManyPixels(header.Width, header.Height, _options.MaxPixels);
        decodedBytes = _options.Blur == FrameBlur.Faces
            ? Math.Max(header.DecodedBytes, FaceBlur.MaxBytes(header.Width, header.Height))
            : header.DecodedBytes;
        return decodedBytes > freeBytes ? FrameRejection.TooManyBytesDecoded(decodedBytes, freeBytes) : null;
    }
}

/// <summary>
/// A frame's turn at the models and its share of the memory; both are given back by <see cref="Dispose"/>.
/// </summary>
internal sealed class FrameAdmission(
    InferenceLease lease, FrameMemory.Share share, DateTimeOffset accepted, TimeSpan acceptedMonotonic) : IDisposable
{
    public InferenceStream Stream => lease.Stream!;

    /// <summary>When the frame was accepted, in whole microseconds.</summary>
    public DateTimeOffset Accepted => accepted;

    /// <summary>The same on a clock that never goes back.</summary>
    public TimeSpan AcceptedMonotonic => acceptedMonotonic;

    public void Dispose()
    {
        share.Dispose();
        lease.Dispose();
    }
}
