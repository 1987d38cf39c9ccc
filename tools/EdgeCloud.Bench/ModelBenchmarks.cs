using BenchmarkDotNet.Attributes;
using EdgeCloud.Edge.Inference;
using Microsoft.ML.OnnxRuntime;

namespace EdgeCloud.Bench;

/// <summary>The models alone, one thread, on a blank picture: their time does not depend on what they see.</summary>
[MemoryDiagnoser]
public class ModelBenchmarks
{
    private InferenceSession _session = null!;
    private ModelRun _run = null!;

    [Params(
        "face_detection_short_range", "face_detection_full_range_sparse", "pose_detection", "pose_landmark_lite",
        "pose_landmark_full", "pose_landmark_heavy")]
    public string Model { get; set; } = "";

    [GlobalSetup]
    public void SetUp()
    {
        _session = ModelFiles.Open(Path.Combine(AppContext.BaseDirectory, "models", Model + ".onnx"));
        _run = new ModelRun(_session, (int)_session.InputMetadata[_session.InputNames[0]].Dimensions[2]);
        foreach (var (name, output) in _session.OutputMetadata)
            _run.Output(name, [.. output.Dimensions.Select(length => (long)length)]);
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _run.Dispose();
        _session.Dispose();
    }

    [Benchmark]
    public void Run() => _run.Run();
}
