using System.Buffers;
using BenchmarkDotNet.Attributes;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Frames;
using EdgeCloud.Edge.Inference;
using EdgeCloud.Edge.Inference.Poses;
using Microsoft.Extensions.Options;
using Microsoft.ML.OnnxRuntime;
using OpenCvSharp;

namespace EdgeCloud.Bench;

/// <summary>Each stage of a frame's way alone, at 640 × 480 unless its name says otherwise.</summary>
[MemoryDiagnoser]
public class StageBenchmarks
{
    private readonly byte[] _jpeg = Pictures.Jpeg(640, 480);
    private readonly byte[] _largeJpeg = Pictures.Jpeg(1280, 720);
    private readonly float[] _planes = new float[3 * 256 * 256];
    private readonly RegionSampler _faceSampler = new(DetectorModel.FaceShortRange.InputSize, InputFormat.Detection);
    private readonly RegionSampler _landmarkSampler = new(PoseModel.InputSize, InputFormat.Landmarks);
    private readonly RegionSampler _faceCornerSampler =
        new(DetectorModel.FaceShortRange.InputSize, InputFormat.Detection, Sampling.Corners);
    private readonly RegionSampler _landmarkCornerSampler =
        new(PoseModel.InputSize, InputFormat.Landmarks, Sampling.Corners);
    private readonly RegionOfInterest _letterbox = RegionOfInterest.Letterbox(640, 480);
    private readonly RegionOfInterest _person = new(new System.Numerics.Vector2(320, 240), 500, 0.2f);
    private readonly RegionOfInterest _closePerson = new(new System.Numerics.Vector2(240, 350), 790, 0.23f);
    private readonly List<InferenceSession> _sessions = [];
    private readonly FrameMemory _memory = new(Options.Create(new FrameOptions()));
    private byte[] _jsonBody = null!;
    private Mat _picture = null!;
    private Detector _faces = null!;
    private Detector _facesFullRange = null!;
    private FaceDetector _bothFaces = null!;
    private PoseEstimator _poses = null!;
    private DetectionEvent _event = null!;
    private TimeSpan _clock;

    [GlobalSetup]
    public void SetUp()
    {
        _jsonBody = [.. "{\"image\":\"data:image/jpeg;base64,"u8, .. System.Text.Encoding.ASCII.GetBytes(
            Convert.ToBase64String(_jpeg)), .. "\",\"device_id\":\"edge-1\"}"u8];
        _picture = Cv2.ImDecode(_jpeg, ImreadModes.Color);
        _faces = new Detector(Open(DetectorModel.FaceShortRange.FileName), DetectorModel.FaceShortRange, 0.5f);
        _facesFullRange = new Detector(Open(DetectorModel.FaceFullRange.FileName), DetectorModel.FaceFullRange, 0.5f);
        _bothFaces = new FaceDetector(_faces, _facesFullRange);
        _poses = new PoseEstimator(
            new Detector(Open(DetectorModel.Pose.FileName), DetectorModel.Pose, DetectorModel.PoseThreshold),
            new Landmarker(Open(PoseModel.FileName(PoseMode.Lite))),
            new PoseTracks(TimeSpan.FromSeconds(2), 64));
        _event = Example();
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _bothFaces.Dispose();
        _poses.Dispose();
        _sessions.ForEach(session => session.Dispose());
        _picture.Dispose();
    }

    /// <summary>Includes allocating and copying the body, which is decoded in place.</summary>
    [Benchmark]
    public int Base64AndJson()
    {
        var buffer = new FrameBuffer(_memory);
        buffer.TryAppend(new ReadOnlySequence<byte>(_jsonBody), _jsonBody.Length);
        using var frame = FrameJson.Read(buffer, "edge-1").Frame!;
        return frame.Jpeg.Length;
    }

    [Benchmark]
    public bool JpegMarkers() => JpegHeader.TryRead(_jpeg, out _, out _);

    [Benchmark]
    public void JpegDecode() => Cv2.ImDecode(_jpeg, ImreadModes.Color).Dispose();

    [Benchmark]
    public void JpegDecode1280X720() => Cv2.ImDecode(_largeJpeg, ImreadModes.Color).Dispose();

    [Benchmark]
    public void Letterbox128() =>
        _faceSampler.Sample(Picture.Of(_picture), _letterbox, _planes.AsSpan(0, 3 * 128 * 128));

    [Benchmark]
    public void Letterbox128FromCorners() =>
        _faceCornerSampler.Sample(Picture.Of(_picture), _letterbox, _planes.AsSpan(0, 3 * 128 * 128));

    [Benchmark]
    public void TurnedRegion256() => _landmarkSampler.Sample(Picture.Of(_picture), _person, _planes);

    /// <summary>Half of the region lies outside the picture.</summary>
    [Benchmark]
    public void TurnedRegion256BeyondPicture() => _landmarkSampler.Sample(Picture.Of(_picture), _closePerson, _planes);

    [Benchmark]
    public void TurnedRegion256FromCorners() => _landmarkCornerSampler.Sample(Picture.Of(_picture), _person, _planes);

    [Benchmark]
    public int FaceShortRange() => _faces.Detect(Picture.Of(_picture)).Count;

    [Benchmark]
    public int FaceFullRange() => _facesFullRange.Detect(Picture.Of(_picture)).Count;

    [Benchmark]
    public int FaceBothRanges()
    {
        var picture = Picture.Of(_picture);
        return _bothFaces.Detect(picture, _bothFaces.Sample(picture, FaceRange.Both), FaceRange.Both).Count;
    }

    /// <summary>Detector and landmarks: a device's first frame.</summary>
    [Benchmark]
    public bool PoseLiteFirstFrame() =>
        _poses.Find(Picture.Of(_picture), "first", _clock += TimeSpan.FromSeconds(10)) is not null;

    /// <summary>Landmarks only: every frame after.</summary>
    [Benchmark]
    public bool PoseLiteTracked() =>
        _poses.Find(Picture.Of(_picture), "tracked", _clock += TimeSpan.FromMilliseconds(1)) is not null;

    [Benchmark]
    public byte[] EventJson() => DetectionEventJson.Write(_event);

    private InferenceSession Open(string fileName)
    {
        var session = ModelFiles.Open(Path.Combine(AppContext.BaseDirectory, "models", fileName));
        _sessions.Add(session);
        return session;
    }

    private static DetectionEvent Example() => new()
    {
        DeviceId = "edge-1",
        Timestamp = DateTimeOffset.UnixEpoch,
        PersonsDetected = 1,
        Faces = [new Face { Conf = 0.93357, Xmin = 0.50312, Ymin = 0.3125, Width = 0.21406, Height = 0.28542 }],
        EventId = Guid.Empty,
        Schema = DetectionEvent.CurrentSchema,
        Frame = new FrameInfo(1, 640, 480),
    };
}
