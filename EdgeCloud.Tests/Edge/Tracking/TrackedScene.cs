using System.Numerics;
using EdgeCloud.Edge.Inference;
using EdgeCloud.Edge.Tracking;

namespace EdgeCloud.Tests.Edge.Tracking;

/// <summary>A scene of which it is known whose the faces are.</summary>
/// <param name="Size">Of a frame, pixels.</param>
/// <param name="Frames">In their order.</param>
internal sealed record TrackedScene(Vector2 Size, IReadOnlyList<TrackedScene.Frame> Frames)
{
    /// <returns>The tracks of the faces, frame by frame.</returns>
    public IReadOnlyList<long?[]> Follow()
    {
        var tracker = new FaceTracker();
        return [.. Frames.Select(frame => tracker.Follow("edge-1", frame.Time, Size, frame.Faces))];
    }

    /// <summary>
    /// How well tracks are persons: IDF1 = 2 · IDTP / (faces of persons + faces given a track), where IDTP is the
    /// largest sum, over one-to-one assignments of tracks to persons, of the faces of a person with its assigned track.
    /// A switch: a person's face gets another track than the last face of that person that had one.
    /// </summary>
    public TrackScore Score(IReadOnlyList<long?[]> tracks)
    {
        var faces = Frames.SelectMany((frame, number) => frame.Persons.Zip(tracks[number])).ToArray();
        var both = faces.Where(face => face is { First: not null, Second: not null })
            .Select(face => (Person: face.First!.Value, Track: face.Second!.Value)).ToArray();
        int[] persons = [.. both.Select(face => face.Person).Distinct()];
        long[] ids = [.. both.Select(face => face.Track).Distinct()];

        var columns = Math.Max(ids.Length, persons.Length);
        var costs = new double[persons.Length * columns];
        foreach (var (person, track) in both)
            costs[(Array.IndexOf(persons, person) * columns) + Array.IndexOf(ids, track)]--;
        var columnOf = new int[persons.Length];
        new Assignment().Solve(costs, persons.Length, columns, columnOf);
        var right = -columnOf.Select((column, row) => costs[(row * columns) + column]).Sum();

        var switches = both.GroupBy(face => face.Person, face => face.Track)
            .Sum(person => person.Zip(person.Skip(1)).Count(pair => pair.First != pair.Second));
        var counted = faces.Count(face => face.First is not null) + faces.Count(face => face.Second is not null);
        return new TrackScore(counted == 0 ? 1 : 2 * right / counted, switches);
    }

    /// <param name="Time">From the beginning.</param>
    /// <param name="Faces">Relative to the frame.</param>
    /// <param name="Persons">Whose each of them is; null for a false one.</param>
    internal sealed record Frame(TimeSpan Time, IReadOnlyList<Detection> Faces, IReadOnlyList<int?> Persons);
}

/// <param name="Idf1">0 to 1.</param>
/// <param name="Switches">How many.</param>
internal readonly record struct TrackScore(double Idf1, int Switches);
