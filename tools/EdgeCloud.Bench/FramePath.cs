using System.Buffers;
using System.Net.Sockets;
using System.Numerics;
using System.Text;
using EdgeCloud.Edge.Frames;
using EdgeCloud.Edge.Inference;
using EdgeCloud.Edge.Inference.Poses;
using Microsoft.ML.OnnxRuntime;
using OpenCvSharp;

namespace EdgeCloud.Bench;

/// <summary>
/// The ways of one frame through an edge in this process, and what none of them can do without: decoding the picture
/// and running the models on it.
/// </summary>
internal sealed class FramePath : IAsyncDisposable
{
    private readonly byte[] _jpeg = Pictures.Jpeg(640, 480);
    private readonly byte[] _answer = new byte[64 * 1024];
    private readonly List<InferenceSession> _sessions = [];
    private readonly List<ModelRun> _runs = [];
    private readonly BenchEdge _edge;
    private readonly BenchEdge _gated;
    private readonly Socket _client;
    private readonly Socket _gatedClient;
    private readonly byte[] _request;
    private readonly byte[] _repeat =
        """{"sequence":1,"device_id":"http","captured_at":"2025-12-30T15:14:34.678Z"}"""u8.ToArray();
    private readonly byte[] _repeatRequest;

    private FramePath(FaceRange faces, PoseMode pose, BenchEdge edge, BenchEdge gated)
    {
        (_edge, _gated) = (edge, gated);
        (_client, _gatedClient) = (Connect(edge), Connect(gated));
        _request = Request("http");
        _repeatRequest = [.. Encoding.ASCII.GetBytes("POST /frame/unchanged HTTP/1.1\r\nHost: edge\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {_repeat.Length}\r\n\r\n"), .. _repeat];
        if (faces != FaceRange.Full)
            AddDetector(DetectorModel.FaceShortRange);
        if (faces != FaceRange.Short)
            AddDetector(DetectorModel.FaceFullRange);
        if (pose != PoseMode.Off)
            AddModel(
                PoseModel.FileName(pose), PoseModel.InputSize, InputFormat.Landmarks,
                new RegionOfInterest(new Vector2(240, 350), 790, 0.23f));
    }

    /// <param name="faces">Edge:Inference:FaceRange.</param>
    /// <param name="pose">Edge:Inference:Pose.</param>
    public static async Task<FramePath> StartAsync(FaceRange faces, PoseMode pose)
    {
        var path = new FramePath(
            faces, pose, await BenchEdge.StartAsync(faces, pose), await BenchEdge.StartAsync(faces, pose, gate: true));
        path.HttpUnchanged();
        return path;
    }

    public void DecodeAndModels()
    {
        Cv2.ImDecode(_jpeg, ImreadModes.Color).Dispose();
        foreach (var run in _runs)
            run.Run();
    }

    /// <summary>
    /// From the bytes of the body to the event in the outbox. Includes allocating and filling the body's buffer.
    /// </summary>
    public void InProcess() => Process(_edge, "in-process");

    /// <summary>
    /// From the request's first byte sent to the answer's last byte received, on one connection of one client
    /// that does nothing else.
    /// </summary>
    public void Http() => Exchange(_client, _request, _answer);

    /// <summary>The picture is uploaded, decoded, and found to show nothing new.</summary>
    public void InProcessUnchanged() => Process(_gated, "http");

    /// <summary>The picture is not uploaded: from the bytes of the body that comes instead.</summary>
    public void InProcessNotUploaded()
    {
        var buffer = new FrameBuffer(_gated.Memory);
        buffer.TryAppend(new ReadOnlySequence<byte>(_repeat), _repeat.Length);
        using var frame = FrameJson.ReadUnchanged(buffer, "edge-1").Frame!;
        Process(_gated, frame);
    }

    public void HttpUnchanged() => Exchange(_gatedClient, _request, _answer);

    public void HttpNotUploaded() => Exchange(_gatedClient, _repeatRequest, _answer);

    /// <returns>A client of its own, whose device is new.</returns>
    public Client AddClient(string deviceId) => new(Connect(_edge), Request(deviceId));

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _gatedClient.Dispose();
        await _edge.DisposeAsync();
        await _gated.DisposeAsync();
        _runs.ForEach(run => run.Dispose());
        _sessions.ForEach(session => session.Dispose());
    }

    private static Socket Connect(BenchEdge edge)
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.Connect(edge.Address.Host, edge.Address.Port);
        return client;
    }

    private static void Process(BenchEdge edge, ReceivedFrame frame)
    {
        var (accepted, rejection) = edge.Pipeline.ProcessAsync(frame, CancellationToken.None).AsTask().Result;
        if (accepted is null)
            throw new InvalidOperationException(rejection!.Detail);
    }

    private void Process(BenchEdge edge, string deviceId)
    {
        var buffer = new FrameBuffer(edge.Memory);
        buffer.TryAppend(new ReadOnlySequence<byte>(_jpeg), _jpeg.Length);
        using var frame = new ReceivedFrame(buffer, .., deviceId, null);
        Process(edge, frame);
    }

    private byte[] Request(string deviceId) =>
    [
        .. Encoding.ASCII.GetBytes($"POST /frame?device_id={deviceId} HTTP/1.1\r\nHost: edge\r\n"
            + $"Content-Type: image/jpeg\r\nContent-Length: {_jpeg.Length}\r\n\r\n"),
        .. _jpeg,
    ];

    private static void Exchange(Socket client, byte[] request, byte[] answer)
    {
        client.Send(request);
        for (var length = 0; !IsWhole(answer.AsSpan(0, length));)
            length += client.Receive(answer, length, answer.Length - length, SocketFlags.None);
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var headers = answer.IndexOf("\r\n\r\n"u8);
        if (headers < 0)
            return false;
        if (!answer.StartsWith("HTTP/1.1 200 "u8))
            throw new InvalidOperationException(Encoding.ASCII.GetString(answer));
        var contentLength = answer[(answer.IndexOf("Content-Length: "u8) + "Content-Length: ".Length)..];
        return answer.Length == headers + 4 + int.Parse(contentLength[..contentLength.IndexOf((byte)'\r')]);
    }

    private void AddDetector(DetectorModel model) => AddModel(
        model.FileName, model.InputSize, InputFormat.Detection, RegionOfInterest.Letterbox(640, 480));

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

    /// <summary>One that sends its next frame when the last is answered.</summary>
    public sealed class Client(Socket socket, byte[] request) : IDisposable
    {
        private readonly byte[] _answer = new byte[64 * 1024];

        public void Exchange() => FramePath.Exchange(socket, request, _answer);

        public void Dispose() => socket.Dispose();
    }
}
