using System.Numerics;
using System.Text.Json;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Events;
using EdgeCloud.Edge.Inference;
using EdgeCloud.Edge.Presence;
using EdgeCloud.Edge.Tracking;
using EdgeCloud.Edge.Zones;

namespace EdgeCloud.Cli.Analysis;

/// <summary>The faces of a video's frames, as a file tells them in the event's own coordinates.</summary>
/// <param name="Size">Of each frame, pixels.</param>
/// <param name="Frames">In their order.</param>
internal sealed record FaceScene(Vector2 Size, IReadOnlyList<FaceScene.Frame> Frames)
{
    /// <summary>A longer time is none, seconds: some three hundred years.</summary>
    private const double MostSeconds = 1e10;

    /// <summary>Coordinates lie no farther outside the frame.</summary>
    private const double Farthest = 1000;

    /// <returns>The track of each face of each frame, as the edge follows them.</returns>
    public IEnumerable<long?[]> Follow()
    {
        var tracker = new FaceTracker();
        foreach (var frame in Frames)
            yield return tracker.Follow("scene", frame.Time, Size, frame.Faces);
    }

    /// <returns>How often a line is crossed, as the edge counts it.</returns>
    public LineCount Count(Line line)
    {
        var zones = new DeviceZones { DeviceId = "scene", Lines = [line] };
        var visits = new DeviceVisits("scene");
        List<LineCrossing> crossings = [];
        foreach (var (frame, tracks) in Frames.Zip(Follow()))
        {
            var now = new Moment(DateTimeOffset.UnixEpoch + frame.Time, frame.Time);
            var faces = EventContent.Faces(frame.Faces, tracks);
            visits.See(now, faces, null, new ZoneScene(zones, Size.X / Size.Y, null, crossings), static (_, _) => { });
        }

        var forward = crossings.Count(static crossing => crossing.Direction == CrossingDirection.Forward);
        return new LineCount(line.Name, forward, crossings.Count - forward);
    }

    /// <exception cref="JsonException">It is no scene, and why.</exception>
    public static FaceScene Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var scene = document.RootElement;
        Expect(scene, JsonValueKind.Object, "It");
        var size = new Vector2(
            (float)Number(scene, "", "width", 1, 1e6), (float)Number(scene, "", "height", 1, 1e6));
        return new FaceScene(size, [.. List(scene, "", "frames").Select((frame, index) =>
        {
            var name = $"frames[{index}]";
            Expect(frame, JsonValueKind.Object, name);
            return new Frame(
                TimeSpan.FromSeconds(Number(frame, name, "t", -MostSeconds, MostSeconds)),
                [.. List(frame, name, "faces").Select((face, number) => Face(face, $"{name}.faces[{number}]"))]);
        })]);
    }

    private static Detection Face(JsonElement face, string name)
    {
        Expect(face, JsonValueKind.Object, name);
        var corner = new Vector2(
            (float)Number(face, name, "xmin", -Farthest, Farthest),
            (float)Number(face, name, "ymin", -Farthest, Farthest));
        var size = new Vector2(
            (float)Number(face, name, "width", 0, Farthest), (float)Number(face, name, "height", 0, Farthest));
        return new Detection { Score = (float)Number(face, name, "conf", 0, 1), Min = corner, Max = corner + size };
    }

    private static IEnumerable<JsonElement> List(JsonElement parent, string parentName, string member)
    {
        var (name, value) = Member(parent, parentName, member);
        Expect(value, JsonValueKind.Array, name);
        return value.EnumerateArray();
    }

    private static double Number(JsonElement parent, string parentName, string member, double least, double most)
    {
        var (name, value) = Member(parent, parentName, member);
        Expect(value, JsonValueKind.Number, name);
        return value.TryGetDouble(out var number) && number >= least && number <= most
            ? number
            : throw new JsonException(FormattableString.Invariant($"{name} does not lie between {least} and {most}."));
    }

    private static (string Name, JsonElement Value) Member(JsonElement parent, string parentName, string member)
    {
        var name = parentName.Length > 0 ? $"{parentName}.{member}" : member;
        return parent.TryGetProperty(member, out var value)
            ? (name, value)
            : throw new JsonException($"{name} is missing.");
    }

    private static void Expect(JsonElement value, JsonValueKind kind, string name)
    {
        if (value.ValueKind != kind)
            throw new JsonException($"{name} is no {kind.ToString().ToLowerInvariant()}.");
    }

    /// <param name="Time">From the beginning.</param>
    /// <param name="Faces">Relative to the frame.</param>
    internal sealed record Frame(TimeSpan Time, IReadOnlyList<Detection> Faces);
}
