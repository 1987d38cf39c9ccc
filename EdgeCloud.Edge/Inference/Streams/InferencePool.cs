using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.RateLimiting;
using EdgeCloud.Edge.Inference.Poses;
using Microsoft.Extensions.Options;
using Microsoft.ML.OnnxRuntime;

namespace EdgeCloud.Edge.Inference.Streams;

/// <summary>
/// The loaded models and the streams that share them; at most so many frames at once as configured, a bounded
/// number of others waiting.
/// </summary>
internal sealed class InferencePool : IDisposable
{
    private readonly InferenceOptions _options;
    private readonly InferenceMetrics _metrics;
    private readonly ModelFiles _files;
    private readonly PoseTracks _tracks;
    private readonly int _concurrency;
    private readonly ConcurrencyLimiter _limiter;
    private readonly ConcurrentBag<InferenceStream> _idle = [];
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public InferencePool(IOptions<InferenceOptions> options, InferenceMetrics metrics, ILogger<ModelFiles> logger)
    {
        _options = options.Value;
        _metrics = metrics;
        _files = new ModelFiles(Path.Combine(AppContext.BaseDirectory, _options.ModelsDirectory), logger);
        _tracks = new PoseTracks(_options.PoseTrackingGap, _options.MaxPoseTracks);
        _concurrency = _options.MaxConcurrency > 0 ? _options.MaxConcurrency : Environment.ProcessorCount;
        _limiter = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = _concurrency,
            QueueLimit = _options.MaxQueuedFrames,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
    }

    /// <summary>Completed by <see cref="Load"/>.</summary>
    public Task Loaded => _loaded.Task;

    public bool IsLoaded => Loaded.IsCompleted;

    /// <summary>Whether a frame would be rejected now: all streams are taken and as many frames wait as may.</summary>
    public bool IsFull => _limiter.GetStatistics() is { CurrentAvailablePermits: 0 } now
        && now.CurrentQueuedCount >= _options.MaxQueuedFrames;

    /// <summary>
    /// Waits for a turn at a stream; with the queue full at once, and otherwise after the longest wait, answers with
    /// a lease that holds none.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<InferenceLease> AcquireAsync(CancellationToken cancellationToken)
    {
        if (!IsLoaded)
            throw new InvalidOperationException("The models are not loaded yet.");

        var asked = Stopwatch.GetTimestamp();

        // There are as many streams as permits, and a stream comes home before its permit does.
        var permit = _limiter.AttemptAcquire();
        if (!permit.IsAcquired)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(_options.MaxWait);
            try
            {
                permit = await _limiter.AcquireAsync(1, patience.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Its turn has not come in time; the permit is the one that was not acquired.
            }
        }

        if (permit.IsAcquired)
            _metrics.Waited(Stopwatch.GetElapsedTime(asked));
        return new InferenceLease(permit, permit.IsAcquired && _idle.TryTake(out var stream) ? stream : null, _idle);
    }

    /// <summary>
    /// Loads the models that the options name and runs every stream once, so that the first frame
    /// is as fast as the second.
    /// </summary>
    /// <exception cref="ModelLoadException">A file is missing or is not the model it should be.</exception>
    public void Load()
    {
        var shortRange = _options.FaceRange == FaceRange.Full
            ? new Detector?[_concurrency] : LoadFaces("face", DetectorModel.FaceShortRange);
        var fullRange = _options.FaceRange == FaceRange.Short
            ? new Detector?[_concurrency]
            : LoadFaces(_options.FaceRange == FaceRange.Both ? "face_full_range" : "face", DetectorModel.FaceFullRange);
        var poses = _options.Pose == PoseMode.Off ? new PoseEstimator?[_concurrency] : LoadPoses();
        foreach (var (near, far, pose) in shortRange.Zip(fullRange, poses))
            _idle.Add(new InferenceStream(new FaceDetector(near, far), pose));
        _loaded.SetResult();
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var stream))
            stream.Dispose();
        _files.Dispose();
        _limiter.Dispose();
    }

    private Detector[] LoadFaces(string name, DetectorModel model) =>
        LoadDetectors(name, model, _options.FaceThreshold);

    private PoseEstimator[] LoadPoses()
    {
        var detectors = LoadDetectors("pose_detector", DetectorModel.Pose, DetectorModel.PoseThreshold);
        var landmarkers = LoadLandmarkers("pose_landmarks", _options.Pose);

        // A device that has to save is looked at with the lite one.
        var lite = _options.Pose is PoseMode.Full or PoseMode.Heavy
            ? LoadLandmarkers("pose_landmarks_saving", PoseMode.Lite)
            : new Landmarker?[_concurrency];
        return [.. detectors.Zip(landmarkers, lite)
            .Select(stages => new PoseEstimator(stages.First, stages.Second, _tracks, stages.Third))];
    }

    private Detector[] LoadDetectors(string name, DetectorModel model, float threshold) => Load(
        name, model.FileName, model.InputSize, session => new Detector(session, model, threshold, _options.Sampling),
        detector => detector.WarmUp());

    private Landmarker[] LoadLandmarkers(string model, PoseMode mode) =>
        Load(model, PoseModel.FileName(mode), PoseModel.InputSize, session =>
            new Landmarker(session, _options.Sampling), landmarker => landmarker.WarmUp());

    private TStage[] Load<TStage>(
        string model, string fileName, int inputSize, Func<InferenceSession, TStage> create, Action<TStage> warmUp)
    {
        var started = Stopwatch.GetTimestamp();
        var stages = _files.Load(fileName, _concurrency, create, warmUp);
        _metrics.Loaded(model, fileName, inputSize, Stopwatch.GetElapsedTime(started));
        return stages;
    }
}
