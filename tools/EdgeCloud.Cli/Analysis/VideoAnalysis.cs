using System.Diagnostics.Metrics;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Events;
using EdgeCloud.Edge.Inference;
using EdgeCloud.Edge.Inference.Streams;
using EdgeCloud.Edge.Tracking;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Cli.Analysis;

/// <summary>Looks at the pictures of a video with the edge's models, as many at once as there are processors.</summary>
internal sealed class VideoAnalysis : IDisposable
{
    private readonly InferenceOptions _options;
    private readonly string _deviceId;
    private readonly DateTimeOffset _start;
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly InferencePool _pool;
    private readonly FaceTracker _tracker = new();

    /// <param name="options">Which models.</param>
    /// <param name="deviceId">Of the events.</param>
    /// <param name="start">When the video's first picture was taken.</param>
    /// <exception cref="ModelLoadException">A file is missing or is not the model it should be.</exception>
    public VideoAnalysis(InferenceOptions options, string deviceId, DateTimeOffset start)
    {
        (_options, _deviceId, _start) = (options, deviceId, start);
        _pool = new InferencePool(
            Options.Create(options), new InferenceMetrics(_services.GetRequiredService<IMeterFactory>()),
            NullLogger<ModelFiles>.Instance);
        _pool.Load();
    }

    /// <param name="frames">In their order; disposed here.</param>
    /// <returns>The event of each, in the same order.</returns>
    public async IAsyncEnumerable<(TimeSpan Time, DetectionEvent Event)> RunAsync(IAsyncEnumerable<VideoFrame> frames)
    {
        var pending = new Queue<Task<(TimeSpan Time, DetectionEvent Event)>>();
        var (number, poseBefore) = (0L, Task.CompletedTask);
        try
        {
            await foreach (var frame in frames)
            {
                if (pending.Count == Environment.ProcessorCount)
                    yield return await pending.Dequeue();
                var (before, pose) = (poseBefore, new TaskCompletionSource());
                (number, poseBefore) = (number + 1, pose.Task);
                var sequence = number;
                pending.Enqueue(Task.Run(() => LookAsync(frame, sequence, before, pose)));
            }

            while (pending.TryDequeue(out var looking))
                yield return await looking;
        }
        finally
        {
            // None may be looking any more when the models are unloaded.
            await Task.WhenAll((IEnumerable<Task>)pending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose()
    {
        _pool.Dispose();
        _services.Dispose();
    }

    /// <param name="frame">Disposed here.</param>
    /// <param name="sequence">Its number, from 1.</param>
    /// <param name="before">The frame before, from which this one's pose and faces are tracked.</param>
    /// <param name="pose">Completed when this frame's have been.</param>
    private async Task<(TimeSpan Time, DetectionEvent Event)> LookAsync(
        VideoFrame frame, long sequence, Task before, TaskCompletionSource pose)
    {
        using (frame)
        using (var lease = await _pool.AcquireAsync(CancellationToken.None))
        {
            try
            {
                var stream = lease.Stream!;
                var grid = new byte[LumaGrid.Cells];
                var faces = Faces(frame, stream, grid);
                await before;
                return (frame.Time, EventOf(frame, sequence, faces, stream, grid));
            }
            finally
            {
                pose.SetResult();
            }
        }
    }

    private IReadOnlyList<Detection> Faces(VideoFrame frame, InferenceStream stream, byte[] grid)
    {
        var input = stream.Faces.Sample(frame.Picture, _options.FaceRange);
        LumaGrid.Fill(input.PlanarRgb, input.Size, grid);
        return stream.Faces.Detect(frame.Picture, input, _options.FaceRange);
    }

    private DetectionEvent EventOf(
        VideoFrame frame, long sequence, IReadOnlyList<Detection> faces, InferenceStream stream, byte[] grid)
    {
        var taken = _start + frame.Time;
        var picture = frame.Picture;
        var tracks = _tracker.Follow(_deviceId, frame.Time, picture.Size, faces);
        PersonPose[]? poses = null;
        if (stream.Poses is { } estimator)
        {
            var pose = estimator.Find(picture, _deviceId, frame.Time, grid: grid);
            poses = EventContent.Poses(pose, faces, picture.Size, _options.WorldLandmarks);
        }

        return new DetectionEvent
        {
            DeviceId = _deviceId,
            Timestamp = taken,
            PersonsDetected = PersonRule.Count(faces),
            Faces = EventContent.Faces(faces, tracks),
            EventId = Guid.CreateVersion7(taken),
            Schema = DetectionEvent.CurrentSchema,
            Frame = new FrameInfo(sequence, picture.Width, picture.Height),
            Poses = poses,
        };
    }
}
