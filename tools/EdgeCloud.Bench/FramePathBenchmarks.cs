using System.Buffers;
using System.Net.Sockets;
using System.Numerics;
using System.Text;
using BenchmarkDotNet.Attributes;
using EdgeCloud.Edge.Frames;
using EdgeCloud.Edge.Inference;
using EdgeCloud.Edge.Inference.Poses;
using Microsoft.ML.OnnxRuntime;
using OpenCvSharp;

namespace EdgeCloud.Bench;

/// <summary>
/// The whole way of a frame, in process and over HTTP, beside what cannot be done without: decoding the picture and
/// running the models on it. Then of a frame that has not changed, uploaded and not.
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
    private byte[] _request = null!;
    private Socket _client = null!;
    private BenchEdge _gated = null!;
    private byte[] _repeat = null!;
    private byte[] _repeatRequest = null!;
    private Socket _gatedClient = null!;

    [Params("Off", "Lite")]
    public string Pose { get; set; } = "";

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _edge = await BenchEdge.StartAsync(Pose);
        _client = Connect(_edge);
        _request = [.. Encoding.ASCII.GetBytes("POST /frame?device_id=http HTTP/1.1\r\nHost: edge\r\n"
            + $"Content-Type: image/jpeg\r\nContent-Length: {_jpeg.Length}\r\n\r\n"), .. _jpeg];

        _gated = await BenchEdge.StartAsync(Pose, gate: true);
        _gatedClient = Connect(_gated);
        Exchange(_gatedClient, _request);
        _repeat = """{"sequence":1,"device_id":"http","captured_at":"2025-12-30T15:14:34.678Z"}"""u8.ToArray();
        _repeatRequest = [.. Encoding.ASCII.GetBytes("POST /frame/unchanged HTTP/1.1\r\nHost: edge\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {_repeat.Length}\r\n\r\n"), .. _repeat];

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
        _gatedClient.Dispose();
        await _edge.DisposeAsync();
        await _gated.DisposeAsync();
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
    public Task<byte[]> InProcess() => ProcessAsync(_edge, "in-process");

    /// <summary>
    /// From the request's first byte sent to the answer's last byte received, on one connection of one client
    /// that does nothing else.
    /// </summary>
    [Benchmark]
    public int Http() => Exchange(_client, _request);

    /// <summary>The picture is uploaded, decoded, and found to show nothing new.</summary>
    [Benchmark]
    public Task<byte[]> InProcessUnchanged() => ProcessAsync(_gated, "http");

    /// <summary>The picture is not uploaded: from the bytes of the body that comes instead.</summary>
    [Benchmark]
    public async Task<byte[]> InProcessNotUploaded()
    {
        var buffer = new FrameBuffer(_gated.Memory);
        buffer.TryAppend(new ReadOnlySequence<byte>(_repeat), _repeat.Length);
        using var frame = FrameJson.ReadUnchanged(buffer, "edge-1").Frame!;
        return await ProcessAsync(_gated, frame);
    }

    [Benchmark]
    public int HttpUnchanged() => Exchange(_gatedClient, _request);

    [Benchmark]
    public int HttpNotUploaded() => Exchange(_gatedClient, _repeatRequest);

    private static Socket Connect(BenchEdge edge)
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.Connect(edge.Address.Host, edge.Address.Port);
        return client;
    }

    private static async Task<byte[]> ProcessAsync(BenchEdge edge, ReceivedFrame frame)
    {
        var (accepted, rejection) = await edge.Pipeline.ProcessAsync(frame, CancellationToken.None);
        return accepted?.Json ?? throw new InvalidOperationException(rejection!.Detail);
    }

    private async Task<byte[]> ProcessAsync(BenchEdge edge, string deviceId)
    {
        var buffer = new FrameBuffer(edge.Memory);
        buffer.TryAppend(new ReadOnlySequence<byte>(_jpeg), _jpeg.Length);
        using var frame = new ReceivedFrame(buffer, .., deviceId, null);
        return await ProcessAsync(edge, frame);
    }

    private int Exchange(Socket client, byte[] request)
    {
        client.Send(request);
        var length = 0;
        while (true)
        {
            length += client.Receive(_answer, length, _answer.Length - length, SocketFlags.None);
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
