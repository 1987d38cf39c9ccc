namespace EdgeCloud.Tests.Edge.Tracking;

/// <summary>How well faces are followed in made-up scenes, at all frame rates.</summary>
public sealed class FollowedSceneTests
{
    private const double Seconds = 60;

    /// <param name="scene">What the persons do.</param>
    /// <param name="persons">How many.</param>
    /// <param name="framesPerSecond">How often they are seen.</param>
    /// <param name="idf1">What the mean of eight scenes is at least.</param>
    /// <param name="switches">What it is at most.</param>
    [Theory]
    [InlineData("Desk", 3, 1, 0.97, 0.5)]
    [InlineData("Desk", 4, 8, 0.99, 0.1)]
    [InlineData("Corridor", 6, 1, 0.92, 2)]
    [InlineData("Corridor", 6, 2, 0.95, 1)]
    [InlineData("Corridor", 10, 15, 0.97, 1)]
    [InlineData("Room", 3, 1, 0.7, 8)]
    [InlineData("Room", 4, 5, 0.85, 4)]
    [InlineData("Room", 8, 10, 0.75, 12)]
    [InlineData("Returning", 2, 1, 0.95, 1)]
    [InlineData("Returning", 3, 5, 0.95, 1)]
    [InlineData("Approach", 4, 1, 0.9, 1)]
    [InlineData("Approach", 4, 10, 0.95, 1)]
    public void A_person_is_one_track(string scene, int persons, double framesPerSecond, double idf1, double switches)
    {
        var scores = Enumerable.Range(1, 8).Select(seed => Make(scene, new SceneMaker(seed, framesPerSecond), persons))
            .Select(made => made.Score(made.Follow())).ToArray();

        var (mean, meanSwitches) = (scores.Average(score => score.Idf1), scores.Average(score => score.Switches));
        Assert.True(mean >= idf1 && meanSwitches <= switches, $"IDF1 {mean:0.000}, switches {meanSwitches:0.0}");
    }

    [Fact]
    public void Persons_whose_tracks_are_exchanged_halfway_count_half()
    {
        var scene = new SceneMaker(1, 1).Desk(2, Seconds);
        var half = scene.Frames.Count / 2;
        var right = scene.Frames.Select(frame => frame.Persons.Select(person => (long?)person + 1).ToArray()).ToArray();
        var wrong = right.Select((ids, number) => number < half ? ids : [.. ids.Select(id => 3 - id)]).ToArray();

        Assert.Equal(new TrackScore(1, 0), scene.Score(right));
        Assert.InRange(scene.Score(wrong).Idf1, 0.4, 0.7);
        Assert.Equal(2, scene.Score(wrong).Switches);
    }

    private static TrackedScene Make(string scene, SceneMaker maker, int persons) => scene switch
    {
        "Desk" => maker.Desk(persons, Seconds),
        "Corridor" => maker.Corridor(persons, Seconds),
        "Room" => maker.Room(persons, Seconds),
        "Returning" => maker.Returning(persons, Seconds),
        _ => maker.Approach(persons, Seconds),
    };
}
