using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace EdgeCloud.Edge.Inference;

/// <summary>Loads model files, each into one session, which lives as long as this.</summary>
internal sealed partial class ModelFiles(string directory, ILogger<ModelFiles> logger) : IDisposable
{
    /// <summary>
    /// One arena for the runs of all models, which grows by what is needed. Without one, malloc's fragmentation
    /// took 50 to 60 MB more under load; with one for each session, each kept its own peak (docs/benchmarks.md). The
    /// environment is the process's, so the arena is made once.
    /// </summary>
    private static readonly Lazy<bool> SharedArena = new(() =>
    {
        const int extendAsRequested = 1, unlimited = 0, standard = -1;
        using var processor = new OrtMemoryInfo(
            OrtMemoryInfo.allocatorCPU, OrtAllocatorType.ArenaAllocator, 0, OrtMemType.Default);
        using var configuration = new OrtArenaCfg(unlimited, extendAsRequested, standard, standard);
        OrtEnv.Instance().CreateAndRegisterAllocator(processor, configuration);
        return true;
    });

    private readonly List<InferenceSession> _sessions = [];

    static ModelFiles() => OnnxTelemetry.SwitchOff();

    /// <summary>Loads a model, makes its stages and runs each once.</summary>
    /// <exception cref="ModelLoadException">The file is missing or is not the model it should be.</exception>
    public TStage[] Load<TStage>(
        string fileName, int count, Func<InferenceSession, TStage> create, Action<TStage> warmUp)
    {
        var started = Stopwatch.GetTimestamp();
        var path = Path.Combine(directory, fileName);
        if (!File.Exists(path))
            throw new ModelLoadException($"The model file {path} does not exist. A build of EdgeCloud.Edge makes it; "
                + $"or set {InferenceOptions.Section}:ModelsDirectory to the folder that has it.");

        try
        {
            var session = Open(path);
            _sessions.Add(session);
            var stages = new TStage[count];
            for (var i = 0; i < count; i++)
            {
                stages[i] = create(session);
                warmUp(stages[i]);
            }

            Log.ModelLoaded(logger, fileName, Stopwatch.GetElapsedTime(started).TotalMilliseconds, count);
            return stages;
        }
        catch (OnnxRuntimeException exception)
        {
            throw new ModelLoadException(
                $"The model file {path} cannot be used ({exception.Message}). "
                + "Delete it and build EdgeCloud.Edge again.", exception);
        }
    }

    public void Dispose() => _sessions.ForEach(session => session.Dispose());

    /// <summary>A session as every model gets it.</summary>
    public static InferenceSession Open(string path)
    {
        // One intra-op thread was the fastest for these models, and a spinning pool would burn a core between frames.
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.use_env_allocators", SharedArena.Value ? "1" : "0");
        return new InferenceSession(path, options);
    }

    private static partial class Log
    {
        [LoggerMessage(
            1, LogLevel.Information,
            "Loaded {Model} in {LoadMilliseconds:F0} ms, warmed for {Concurrency} frames at once")]
        public static partial void ModelLoaded(ILogger logger, string model, double loadMilliseconds, int concurrency);
    }
}
