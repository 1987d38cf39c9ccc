using System.Globalization;
using System.Text.Json;
using EdgeCloud.Cli.Analysis;
using EdgeCloud.Edge.Zones;

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

    /// <summary>
    /// The truth of the scenes counts each time that a face, as it is seen, changes sides: a line without hysteresis.
    /// Who stands on it, as one of ten frames a second does for five seconds, crosses it sixteen times then.
    /// </summary>
    [SharedScenesFact]
    public void Crossings_of_the_middle_are_those_of_the_truth_in_sum_and_in_every_scene_of_five_frames_a_second()
    {
        var (counted, truth, scenes) = (0, 0, 0);
        foreach (var path in Directory.GetFiles(SharedScenesFactAttribute.Folder!, "*-fps.json"))
        {
            var bytes = File.ReadAllBytes(path);
            using var document = JsonDocument.Parse(bytes);
            var expected = document.RootElement.GetProperty("truth").GetProperty("crossings_of_x_half");
            var (forward, backward) =
                (expected.GetProperty("left_to_right").GetInt32(), expected.GetProperty("right_to_left").GetInt32());
            var count = FaceScene.Read(bytes).Count(Middle(hysteresis: 0));

            if (document.RootElement.GetProperty("fps").GetDouble() >= 5)
            {
                Assert.InRange(count.Forward, forward - 1, forward + 1);
                Assert.InRange(count.Backward, backward - 1, backward + 1);
                Assert.InRange(count.Forward + count.Backward, forward + backward - 1, forward + backward + 1);
            }

            // With hysteresis nobody crosses more often, whatever the scene.
            var settled = FaceScene.Read(bytes).Count(Middle(hysteresis: null));
            Assert.True(settled.Forward + settled.Backward <= count.Forward + count.Backward, path);
            (counted, truth, scenes) =
                (counted + count.Forward + count.Backward, truth + forward + backward, scenes + 1);
        }

        Assert.Equal(12, scenes);
        Assert.InRange(counted, truth * 0.9, truth * 1.1);

        static Line Middle(double? hysteresis) =>
            new() { Name = "middle", From = new(0.5, 0), To = new(0.5, 1), Hysteresis = hysteresis };
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
