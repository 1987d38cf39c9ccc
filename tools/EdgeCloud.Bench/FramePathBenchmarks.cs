using System.Buffers;
using System.Net.Sockets;
using System.Numerics;
using System.Text;
using BenchmarkDotNet.Attributes;
using EdgeCloud.Edge;
using EdgeCloud.Edge.Frames;
using EdgeCloud.Edge.Inference;
using EdgeCloud.Edge.Inference.Poses;
using Microsoft.ML.OnnxRuntime;
using OpenCvSharp;

namespace EdgeCloud.Bench;

/// <summary>
/// The whole way of a frame, in process and over HTTP, beside what cannot be done without: decoding the picture and
/// running the models on it.
/// </summary>
[MemoryDiagnoser]
[MedianColumn]
public class FramePathBenchmarks
{
    private readonly byte[] _jpeg = Pictures.Jpeg(640, 480);
    private readonly byte[] _answer = new byte[64 * 1024];
    private readonly List<InferenceSession> _sessions = [];
    private readonly List<ModelRun> _runs = [];
    private BenchEdge _edge = null!;
    private FramePipeline _pipeline = null!;
    private byte[] _request = null!;
    private Socket _client = null!;

    [Params("Off", "Lite")]
    public string Pose { get; set; } = "";

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _edge = await BenchEdge.StartAsync(Pose);
        _pipeline = _edge.Pipeline;
        _client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _client.Connect(_edge.Address.Host, _edge.Address.Port);
        _request = [.. Encoding.ASCII.GetBytes("POST /frame?device_id=http HTTP/1.1\r\nHost: edge\r\n"
            + $"Content-Type: image/jpeg\r\nContent-Length: {_jpeg.Length}\r\n\r\n"), .. _jpeg];

        AddModel(
            DetectorModel.FaceShortRange.FileName, DetectorModel.FaceShortRange.InputSize, InputFormat.Detection,
            RegionOfInterest.Letterbox(640, 480));
        if (Pose == "Lite")
            AddModel(
                PoseModel.FileName(PoseMode.Lite), PoseModel.InputSize, InputFormat.Landmarks,
                new RegionOfInterest(new Vector2(240, 350), 790, 0.23f));
    }

    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
        _client.Dispose();
        await _edge.DisposeAsync();
        _runs.ForEach(run => run.Dispose());
        _sessions.ForEach(session => session.Dispose());
    }

    [Benchmark(Baseline = true)]
    public void DecodeAndModels()
    {
        Cv2.ImDecode(_jpeg, ImreadModes.Color).Dispose();
        foreach (var run in _runs)
            run.Run();
    }

    /// <summary>
    /// From the bytes of the body to the event in the outbox. Includes allocating and filling the body's buffer.
    /// </summary>
    [Benchmark]
    public async Task<byte[]> InProcess()
    {
        var buffer = new FrameBuffer(_edge.Memory);
        buffer.TryAppend(new ReadOnlySequence<byte>(_jpeg), _jpeg.Length);
        using var frame = new ReceivedFrame(buffer, .., "in-process", null);
        var (accepted, rejection) = await _pipeline.ProcessAsync(frame, CancellationToken.None);
        return accepted?.Json ?? throw new InvalidOperationException(rejection!.Detail);
    }

    /// <summary>
    /// From the request's first byte sent to the answer's last byte received, on one connection of one client
    /// that does nothing else.
    /// </summary>
    [Benchmark]
    public int Http()
    {
        _client.Send(_request);
        var length = 0;
        while (true)
        {
            length += _client.Receive(_answer, length, _answer.Length - length, SocketFlags.None);
            if (IsWhole(_answer.AsSpan(0, length)))
                return length;
        }
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        if (!answer.StartsWith("HTTP/1.1 200 "u8))
            throw new InvalidOperationException(Encoding.ASCII.GetString(answer));
        var headers = answer.IndexOf("\r\n\r\n"u8);
        if (headers < 0)
            return false;
        var contentLength = answer[(answer.IndexOf("Content-Length: "u8) + "Content-Length: ".Length)..];
        return answer.Length == headers + 4 + int.Parse(contentLength[..contentLength.IndexOf((byte)'\r')]);
    }

    private void AddModel(string fileName, int inputSize, InputFormat format, RegionOfInterest region)
    {
        var session = ModelFiles.Open(Path.Combine(AppContext.BaseDirectory, "models", fileName));
        var run = new ModelRun(session, inputSize);
        foreach (var (name, output) in session.OutputMetadata)
            run.Output(name, [.. output.Dimensions.Select(length => (long)length)]);
        using var picture = Cv2.ImDecode(_jpeg, ImreadModes.Color);
        new RegionSampler(inputSize, format).Sample(Picture.Of(picture), region, run.Input);
        _sessions.Add(session);
        _runs.Add(run);
    }
}
