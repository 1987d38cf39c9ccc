using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using OpenCvSharp;

namespace EdgeCloud.Edge.Inference;

/// <summary>
/// One stream of face detection over a shared session: its own input and output tensors, pinned for its lifetime and bound once, so that a
/// frame allocates nothing. Not thread-safe; <see cref="FaceDetectorPool"/> hands each out to one frame at a time.
/// </summary>
internal sealed class FaceDetector : IDisposable
{
    private readonly InferenceSession _session;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _runOptions = new();
    private readonly List<IDisposable> _tensors = [];
    private readonly float[] _input;
    private readonly float[] _regressors;
    private readonly float[] _classificators;
    private readonly LetterboxSampler _sampler;
    private readonly DetectionDecoder _decoder;
    private readonly List<Detection> _candidates = [];
    private readonly List<Detection> _faces = [];

    public FaceDetector(InferenceSession session, FaceModel model, float threshold)
    {
        _session = session;
        var anchors = model.Anchors.Centers(model.InputSize);
        _sampler = new LetterboxSampler(model.InputSize);
        _decoder = new DetectionDecoder(anchors, model.InputSize, threshold);
        _input = new float[3 * model.InputSize * model.InputSize];
        _regressors = new float[anchors.Length * FaceModel.ValuesPerAnchor];
        _classificators = new float[anchors.Length];

        _binding = session.CreateIoBinding();
        _binding.BindInput(session.InputNames[0], Tensor(_input, [1, 3, model.InputSize, model.InputSize]));
        _binding.BindOutput(model.RegressorsOutput, Tensor(_regressors, [1, anchors.Length, FaceModel.ValuesPerAnchor]));
        _binding.BindOutput(model.ClassificatorsOutput, Tensor(_classificators, [1, anchors.Length, 1]));
    }

    /// <param name="picture">8 bits, three channels, BGR.</param>
    /// <returns>The faces, best first, relative to the picture; valid until the next call.</returns>
    public IReadOnlyList<Detection> Detect(Mat picture)
    {
        var letterbox = new Letterbox(picture.Width, picture.Height);
        _sampler.Sample(Pixels(picture), (int)picture.Step(), letterbox, _input);
        _session.RunWithBinding(_runOptions, _binding);

        _candidates.Clear();
        _faces.Clear();
        _decoder.Decode(_regressors, _classificators, _candidates);
        NonMaxSuppression.Apply(_candidates, _faces);
        foreach (ref var face in CollectionsMarshal.AsSpan(_faces))
            letterbox.Undo(ref face);
        return _faces;
    }

    /// <summary>Runs the model once on nothing, which makes the session allocate what it will need.</summary>
    public void WarmUp() => _session.RunWithBinding(_runOptions, _binding);

    public void Dispose()
    {
        _binding.Dispose();
        _tensors.ForEach(tensor => tensor.Dispose());
        _runOptions.Dispose();
    }

    private static unsafe ReadOnlySpan<byte> Pixels(Mat picture) => new((void*)picture.Data, checked((int)picture.Step() * picture.Rows));

    private OrtValue Tensor(float[] data, long[] shape)
    {
        var tensor = OrtValue.CreateTensorValueFromMemory(data, shape);
        _tensors.Add(tensor);
        return tensor;
    }
}
