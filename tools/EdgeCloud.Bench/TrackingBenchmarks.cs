using System.Numerics;
using BenchmarkDotNet.Attributes;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Events;
using EdgeCloud.Edge.Inference;
using EdgeCloud.Edge.Presence;
using EdgeCloud.Edge.Tracking;
using EdgeCloud.Edge.Zones;

namespace EdgeCloud.Bench;

/// <summary>What following faces adds to a frame, and counting persons in two zones and over a line.</summary>
[MemoryDiagnoser]
public class TrackingBenchmarks
{
    private const int Frames = 64;

    private static readonly Vector2 Picture = new(1280, 720);
    private static readonly Detection[] Nobody = [];

    private readonly Detection[][] _frames = new Detection[Frames][];
    private readonly FaceTracker _tracker = new();
    private readonly Face[][] _followed = new Face[Frames][];
    private readonly DeviceVisits _visits = new("edge-1");
    private readonly List<LineCrossing> _crossings = [];
    private readonly DeviceZones _zones = new()
    {
        DeviceId = "edge-1",
        Zones =
        [
            new Zone { Name = "left", Points = [new(0, 0), new(0.5, 0), new(0.5, 1), new(0, 1)] },
            new Zone { Name = "middle", Points = [new(0.3, 0.3), new(0.7, 0.3), new(0.7, 0.7), new(0.3, 0.7)] },
        ],
        Lines = [new Line { Name = "door", From = new(0.45, 0), To = new(0.45, 1) }],
    };

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
        for (var frame = 0; frame < Frames; frame++)
        {
            var tracks = _tracker.Follow("edge-1", _clock += TimeSpan.FromSeconds(0.2), Picture, _frames[frame]);
            _followed[frame] = EventContent.Faces(_frames[frame], tracks);
        }
    }

    [Benchmark]
    public long?[] Follow() => _tracker.Follow(
        "edge-1", _clock += TimeSpan.FromSeconds(0.2), Picture, _frames[_frame++ % Frames]);

    [Benchmark]
    public int Count()
    {
        _crossings.Clear();
        var time = _clock += TimeSpan.FromSeconds(0.2);
        _visits.See(
            new Moment(DateTimeOffset.UnixEpoch + time, time), _followed[_frame++ % Frames], null,
            new ZoneScene(_zones, Picture.X / Picture.Y, null, _crossings), static (_, _) => { });
        return _visits.Persons(0, time) + _visits.Persons(1, time) + _crossings.Count;
    }

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
