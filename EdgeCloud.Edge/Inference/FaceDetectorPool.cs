using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Microsoft.ML.OnnxRuntime;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace EdgeCloud.Edge.Inference;

/// <summary>The loaded model and the detectors that share it; at most so many frames at once as configured, a bounded number of others waiting.</summary>
internal sealed partial class FaceDetectorPool : IDisposable
{
    private readonly FaceModel _model;
    private readonly InferenceOptions _options;
    private readonly ILogger<FaceDetectorPool> _logger;
    private readonly int _concurrency;
    private readonly ConcurrencyLimiter _limiter;
    private readonly ConcurrentBag<FaceDetector> _idle = [];
    private volatile InferenceSession? _session;

    public FaceDetectorPool(IOptions<InferenceOptions> options, ILogger<FaceDetectorPool> logger)
    {
        _options = options.Value;
        _logger = logger;
        _model = FaceModel.For(_options.FaceRange);
        _concurrency = _options.MaxConcurrency > 0 ? _options.MaxConcurrency : Environment.ProcessorCount;
        _limiter = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = _concurrency,
            QueueLimit = _options.MaxQueuedFrames,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
    }

    public bool IsLoaded => _session is not null;

    /// <summary>Waits for a turn at a detector; with the queue full, answers at once with a lease that holds none.</summary>
    public async ValueTask<DetectorLease> AcquireAsync(CancellationToken cancellationToken)
    {
        var session = _session ?? throw new InvalidOperationException("The face model is not loaded yet.");
        var permit = await _limiter.AcquireAsync(1, cancellationToken);
        if (!permit.IsAcquired)
            return new DetectorLease(permit, null, _idle);
        return new DetectorLease(permit, _idle.TryTake(out var detector) ? detector : new FaceDetector(session, _model, _options.FaceThreshold), _idle);
    }

    /// <summary>Loads the model and runs every detector once, so that the first frame is as fast as the second.</summary>
    /// <exception cref="ModelLoadException">The file is missing or is not the model it should be.</exception>
    public void Load()
    {
        var started = Stopwatch.GetTimestamp();
        var path = Path.Combine(AppContext.BaseDirectory, _options.ModelsDirectory, _model.FileName);
        if (!File.Exists(path))
            throw new ModelLoadException($"The model file {path} does not exist. A build of EdgeCloud.Edge makes it; or set {InferenceOptions.Section}:ModelsDirectory to the folder that has it.");

        // One intra-op thread was the fastest for these models, and a spinning pool would burn a core between frames.
        using var sessionOptions = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        sessionOptions.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");

        try
        {
            var session = new InferenceSession(path, sessionOptions);
            for (var i = 0; i < _concurrency; i++)
            {
                var detector = new FaceDetector(session, _model, _options.FaceThreshold);
                detector.WarmUp();
                _idle.Add(detector);
            }

            _session = session;
        }
        catch (OnnxRuntimeException exception)
        {
            throw new ModelLoadException($"The model file {path} cannot be used ({exception.Message}). Delete it and build EdgeCloud.Edge again.", exception);
        }

        Log.ModelLoaded(_logger, _model.FileName, Stopwatch.GetElapsedTime(started).TotalMilliseconds, _concurrency);
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var detector))
            detector.Dispose();
        _session?.Dispose();
        _limiter.Dispose();
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Loaded {Model} in {LoadMilliseconds:F0} ms; {Concurrency} frames at once")]
        public static partial void ModelLoaded(ILogger logger, string model, double loadMilliseconds, int concurrency);
    }
}
