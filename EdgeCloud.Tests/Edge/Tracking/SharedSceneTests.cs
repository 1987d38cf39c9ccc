using System.Globalization;
using System.Text.Json;
using EdgeCloud.Cli.Analysis;

namespace EdgeCloud.Tests.Edge.Tracking;

/// <summary>
/// Scenes with ground truth in a folder that EDGECLOUD_TEST_TRACKS names, beside what public trackers make of them.
/// </summary>
public sealed class SharedSceneTests
{
    [SharedScenesFact]
    public void Faces_are_followed_better_than_by_any_public_tracker_in_every_scene()
    {
        using var trackers = JsonDocument.Parse(
            File.ReadAllBytes(Path.Combine(SharedScenesFactAttribute.Folder!, "public-trackers.json")));
        List<TrackScore> scores = [];
        foreach (var scene in trackers.RootElement.EnumerateObject().Where(
            scene => File.Exists(PathOf(scene.Name)) && scene.Value.ValueKind == JsonValueKind.Object))
        {
            var followed = Read(PathOf(scene.Name));
            var score = followed.Score(followed.Follow());
            scores.Add(score);
            var best = scene.Value.EnumerateObject().Max(tracker => tracker.Value.GetProperty("idf1").GetDouble());
            Assert.True(score.Idf1 >= best, string.Create(
                CultureInfo.InvariantCulture, $"{scene.Name}: IDF1 {score.Idf1:0.0000}, a public tracker {best}"));
        }

        Assert.Equal(12, scores.Count);
        Assert.InRange(scores.Average(score => score.Idf1), 0.9, 1);
        Assert.InRange(scores.Sum(score => score.Switches), 0, 60);
    }

    private static string PathOf(string scene) => Path.Combine(SharedScenesFactAttribute.Folder!, scene + ".json");

    private static TrackedScene Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var scene = FaceScene.Read(bytes);
        using var document = JsonDocument.Parse(bytes);
        var persons = document.RootElement.GetProperty("frames").EnumerateArray().Select(frame =>
            frame.GetProperty("faces").EnumerateArray().Select(face =>
                face.GetProperty("person") is { ValueKind: JsonValueKind.Number } person
                    ? person.GetInt32()
                    : (int?)null).ToArray());
        return new TrackedScene(scene.Size, [.. scene.Frames.Zip(persons, static (frame, faces) =>
            new TrackedScene.Frame(frame.Time, frame.Faces, faces))]);
    }
}

/// <summary>A test over the scenes; skipped, and said so, without them.</summary>
internal sealed class SharedScenesFactAttribute : FactAttribute
{
    public const string Variable = "EDGECLOUD_TEST_TRACKS";

    public SharedScenesFactAttribute() =>
        Skip = Folder is null ? $"{Variable} names no folder of scenes with ground truth." : null;

    public static string? Folder =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? folder : null;
}
