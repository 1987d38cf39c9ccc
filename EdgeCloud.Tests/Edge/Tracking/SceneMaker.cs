using System.Numerics;
using EdgeCloud.Edge.Inference;

namespace EdgeCloud.Tests.Edge.Tracking;

/// <summary>
/// Makes scenes of persons whose faces move, as a detector might find them: boxes jitter, some faces are missed, who
/// stands behind another is hidden, and now and then there is a face where there is none. Lengths are in pixels.
/// </summary>
internal sealed class SceneMaker(int seed, double framesPerSecond)
{
    private const float Width = 1280;
    private const float Height = 720;

    private readonly Random _random = new(seed);

    private delegate (double X, double Y, double Size)? Path(double seconds);

    /// <summary>Persons who sit at places of their own and sway.</summary>
    public TrackedScene Desk(int persons, double seconds) => Film(seconds, persons, person =>
    {
        var sway = Sway((person + Between(0.3, 0.7)) * Width / persons, Between(130, 280));
        var (comes, goes) = (Between(-10, seconds / 3), Between(seconds * 2 / 3, seconds + 10));
        return time => time >= comes && time <= goes ? sway(time) : null;
    });

    /// <summary>Persons who walk through the picture, from either side.</summary>
    public TrackedScene Corridor(int persons, double seconds) => Film(seconds, persons, _ =>
    {
        var (size, speed, comes) = (Between(80, 160), Between(90, 300), Between(0, seconds - 4));
        var (height, bob, fromLeft) = (Between(280, 440), Between(0.03, 0.1) * size, _random.Next(2) == 0);
        return time =>
        {
            var way = ((time - comes) * speed) - size;
            var y = height + (bob * Math.Sin(6 * (time - comes)));
            return way < -size || way > Width + size ? null : (fromLeft ? way : Width - way, y, size);
        };
    });

    /// <summary>Persons who mill about: they walk to a place, stay a while, and walk on.</summary>
    public TrackedScene Room(int persons, double seconds) => Film(seconds, persons, _ =>
    {
        var (size, speed, comes) = (Between(80, 160), Between(80, 230), Between(0, seconds / 4));
        List<(double Time, Vector2 Place)> stations = [(comes, Somewhere())];
        while (stations[^1].Time < seconds)
        {
            var (time, place) = stations[^1];
            var (leaves, next) = (time + Between(0, 8), Somewhere());
            stations.Add((leaves, place));
            stations.Add((leaves + (Vector2.Distance(place, next) / speed), next));
        }

        return time =>
        {
            if (time < comes)
                return null;
            var next = stations.FindIndex(1, station => station.Time >= time);
            var ((left, from), (arrives, to)) = (stations[next - 1], stations[next]);
            var place = Vector2.Lerp(from, to, (float)((time - left) / Math.Max(1e-6, arrives - left)));
            return (place.X, place.Y, size);
        };
    });

    /// <summary>Persons who sit, go away for a while and come back to where they were.</summary>
    public TrackedScene Returning(int persons, double seconds) => Film(seconds, persons, person =>
    {
        var sway = Sway((person + Between(0.3, 0.7)) * Width / persons, Between(140, 270));
        List<(double Comes, double Goes)> stays = [];
        for (var time = Between(0, 5); time < seconds; time = stays[^1].Goes + Between(5, 30))
            stays.Add((time, time + Between(8, 30)));
        return time => stays.Any(stay => time >= stay.Comes && time <= stay.Goes) ? sway(time) : null;
    });

    /// <summary>Persons who walk up to the camera, growing to several times the size.</summary>
    public TrackedScene Approach(int persons, double seconds) => Film(seconds, persons, person =>
    {
        var (growth, comes) = (Between(0.1, 0.25), Between(0, 5) + (person * seconds / persons));
        var (place, drift) = (Between(0.25, 0.75) * Width, Between(-25, 25));
        return time =>
        {
            var size = 45 * Math.Exp(growth * (time - comes));
            return time < comes || size > 300 ? null : (place + (drift * (time - comes)), 300, size);
        };
    });

    private TrackedScene Film(double seconds, int persons, Func<int, Path> pathOf)
    {
        Path[] paths = [.. Enumerable.Range(0, persons).Select(pathOf)];
        List<TrackedScene.Frame> frames = [];
        for (var number = 0; number < seconds * framesPerSecond; number++)
        {
            var time = number / framesPerSecond;
            var there = paths.Select((path, person) => (Person: person, Face: path(time)))
                .Where(face => face.Face is { X: > -40 and < Width + 40 })
                .Select(face => (face.Person, Face: face.Face!.Value)).ToArray();
            List<(Detection Face, int? Person)> found = [];
            foreach (var (person, face) in there)
            {
                if (!there.Any(other => IsHidden(face, other.Face)) && _random.NextDouble() >= 0.08)
                    found.Add((Seen(face), person));
            }

            if (_random.NextDouble() < 0.02)
                found.Add((Box(Between(0, Width), Between(0, Height), Between(60, 150), Between(0.5, 0.6)), null));
            var shown = found.ToArray();
            _random.Shuffle(shown);
            frames.Add(new TrackedScene.Frame(
                TimeSpan.FromSeconds(time), [.. shown.Select(face => face.Face)],
                [.. shown.Select(face => face.Person)]));
        }

        return new TrackedScene(new Vector2(Width, Height), frames);
    }

    private static bool IsHidden((double X, double Y, double Size) face, (double X, double Y, double Size) other)
    {
        var reach = (other.Size / 2) + (face.Size * 0.15);
        return other.Size > face.Size && Math.Abs(other.X - face.X) < reach && Math.Abs(other.Y - face.Y) < reach;
    }

    private Detection Seen((double X, double Y, double Size) face) => Box(
        face.X + (0.02 * face.Size * Normal()), face.Y + (0.02 * face.Size * Normal()),
        face.Size * Math.Exp(0.04 * Normal()), Math.Clamp(0.82 + (0.1 * Normal()), 0.5, 0.99));

    private static Detection Box(double x, double y, double size, double score)
    {
        var (middle, half) = (new Vector2((float)x, (float)y), new Vector2((float)size / 2));
        var frame = new Vector2(Width, Height);
        return new Detection { Score = (float)score, Min = (middle - half) / frame, Max = (middle + half) / frame };
    }

    private Path Sway(double x, double size)
    {
        var (reach, period, phase, y) = (Between(0.1, 0.45) * size, Between(6, 20), Between(0, 6), Between(240, 360));
        return time => (
            x + (reach * Math.Sin((2 * Math.PI * time / period) + phase)),
            y + (0.1 * size * Math.Sin((8 * time / period) + phase)), size);
    }

    private Vector2 Somewhere() => new((float)Between(0.1, 0.9) * Width, (float)Between(0.2, 0.7) * Height);

    private double Between(double least, double most) => least + ((most - least) * _random.NextDouble());

    private double Normal() =>
        Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
