using Microsoft.ML.OnnxRuntime;

namespace EdgeCloud.Edge.Inference;

/// <summary>
/// One stream of runs over a shared session: its own input and output tensors, pinned for its lifetime and bound once,
/// so that a run allocates nothing. Not thread-safe.
/// </summary>
internal sealed class ModelRun : IDisposable
{
    private readonly InferenceSession _session;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _runOptions = new();
    private readonly List<OrtValue> _tensors = [];

    /// <param name="session">Outlives this.</param>
    /// <param name="inputSize">Side of the square input picture, pixels.</param>
    public ModelRun(InferenceSession session, int inputSize)
    {
        _session = session;
        _binding = session.CreateIoBinding();
        Input = new float[3 * inputSize * inputSize];
        _binding.BindInput(session.InputNames[0], Tensor(Input, [1, 3, inputSize, inputSize]));
    }

    /// <summary>Planar RGB, [1, 3, size, size].</summary>
    public float[] Input { get; }

    /// <returns>Where every run leaves the output of this name.</returns>
    public float[] Output(string name, params long[] shape)
    {
        var data = new float[shape.Aggregate(1L, (count, length) => count * length)];
        _binding.BindOutput(name, Tensor(data, shape));
        return data;
    }

    public void Run() => _session.RunWithBinding(_runOptions, _binding);

    public void Dispose()
    {
        _binding.Dispose();
        _tensors.ForEach(tensor => tensor.Dispose());
        _runOptions.Dispose();
    }

    private OrtValue Tensor(float[] data, long[] shape)
    {
        var tensor = OrtValue.CreateTensorValueFromMemory(data, shape);
        _tensors.Add(tensor);
        return tensor;
    }
}
