using System.Diagnostics.Metrics;
using System.Globalization;
using EdgeCloud.Edge.Telemetry;

namespace EdgeCloud.Edge.Inference;

/// <summary>Metrics of the models and of the wait for them, meter <see cref="EdgeTelemetry.Name"/>.</summary>
internal sealed class InferenceMetrics
{
    private readonly Histogram<double> _wait;
    private readonly Gauge<int> _info;
    private readonly Gauge<double> _loadDuration;

    public InferenceMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(EdgeTelemetry.Name);
        _wait = meter.CreateHistogram(
            "edgecloud.inference.wait", "s", "Time a frame waited for its turn at the models, in no stage",
            advice: EdgeTelemetry.Durations);
        _info = meter.CreateGauge<int>(
            "edgecloud.model.info",
            description: "1 for each model loaded: what it does, its file, and its input in pixels");
        _loadDuration = meter.CreateGauge<double>(
            "edgecloud.model.load.duration", "s",
            "Time it took to load a model and to run it once for every frame at once");
    }

    public void Waited(TimeSpan duration) => _wait.Record(duration.TotalSeconds);

    /// <param name="model">What it does.</param>
    /// <param name="fileName">The ONNX file.</param>
    /// <param name="inputSize">Side of the square input, pixels.</param>
    /// <param name="duration">How long it took.</param>
    public void Loaded(string model, string fileName, int inputSize, TimeSpan duration)
    {
        _info.Record(
            1, new("model", model), new("file", fileName),
            new("input", string.Create(CultureInfo.InvariantCulture, $"{inputSize}x{inputSize}")));
        _loadDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("model", model));
    }
}
