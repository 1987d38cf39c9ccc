using System.Numerics;
using BenchmarkDotNet.Attributes;
using EdgeCloud.Edge.Inference;
using EdgeCloud.Edge.Tracking;

namespace EdgeCloud.Bench;

/// <summary>What following faces adds to a frame.</summary>
[MemoryDiagnoser]
public class TrackingBenchmarks
{
    private const int Frames = 64;

    private static readonly Vector2 Picture = new(1280, 720);
    private static readonly Detection[] Nobody = [];

    private readonly Detection[][] _frames = new Detection[Frames][];
    private readonly FaceTracker _tracker = new();
    private TimeSpan _clock;
    private int _frame;

    /// <summary>In each frame.</summary>
    [Params(1, 10)]
    public int Faces { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        var random = new Random(1);
        for (var frame = 0; frame < Frames; frame++)
            _frames[frame] = [.. Enumerable.Range(0, Faces).Select(face => Seen(random, face))];
        foreach (var frame in _frames)
            _tracker.Follow("edge-1", _clock += TimeSpan.FromSeconds(0.2), Picture, frame);
    }

    [Benchmark]
    public long?[] Follow() => _tracker.Follow(
        "edge-1", _clock += TimeSpan.FromSeconds(0.2), Picture, _frames[_frame++ % Frames]);

    [Benchmark]
    public long?[] FollowNobody() => _tracker.Follow(
        "nobody", _clock += TimeSpan.FromSeconds(0.2), Picture, Nobody);

    private static Detection Seen(Random random, int face)
    {
        var middle = new Vector2((face + 0.5f) / 10, 0.5f)
            + (new Vector2(random.NextSingle() - 0.5f, random.NextSingle() - 0.5f) / 50);
        var half = new Vector2(0.04f, 0.07f) * (1 + (random.NextSingle() / 20));
        return new Detection { Score = 0.8f, Min = middle - half, Max = middle + half };
    }
}
