using System.Numerics;
using EdgeCloud.Edge.Events;
using EdgeCloud.Edge.Inference;
using EdgeCloud.Edge.Inference.Poses;

namespace EdgeCloud.Tests.Edge.Events;

public sealed class PersonRuleTests
{
    private static readonly Vector2 PictureSize = new(1000, 500);

    /// <summary>400..600 × 100..200 pixels; with the tolerance 380..620 × 90..210.</summary>
    private static readonly Detection Face =
        new() { Score = 0.9f, Min = new Vector2(0.4f, 0.2f), Max = new Vector2(0.6f, 0.4f) };

    public static TheoryData<int> Head => [Pose.Nose, Pose.LeftEye, Pose.RightEye, Pose.LeftEar, Pose.RightEar];

    [Fact]
    public void Each_face_counts_as_a_person_and_nothing_else_does()
    {
        Assert.Equal(0, PersonRule.Count([]));
        Assert.Equal(2, PersonRule.Count([Face, Face]));
    }

    [Fact]
    public void A_pose_whose_head_lies_in_a_face_is_confirmed() => Assert.True(IsConfirmed(Facing(), Face));

    [Fact]
    public void Any_of_the_faces_will_do_but_one_of_them_alone()
    {
        var elsewhere = Face with { Min = new Vector2(0), Max = new Vector2(0.2f) };
        Assert.True(IsConfirmed(Facing(), elsewhere, Face));
        Assert.False(IsConfirmed(Facing(), elsewhere));
        Assert.False(IsConfirmed(Facing()));

        var left = Face with { Max = new Vector2(0.45f, 0.4f) };
        var right = Face with { Min = new Vector2(0.55f, 0.2f) };
        Assert.False(IsConfirmed(With(Pose.LeftEar, new Vector2(580, 150)), left, right));
    }

    [Theory]
    [MemberData(nameof(Head))]
    public void Each_of_nose_eyes_and_ears_must_be_visible(int index)
    {
        Assert.False(IsConfirmed(With(index, visibility: 0.5f), Face));
        Assert.True(IsConfirmed(With(index, visibility: 0.501f), Face));
    }

    [Theory]
    [MemberData(nameof(Head))]
    public void Each_of_them_must_lie_in_the_box_or_a_tenth_of_it_beyond(int index)
    {
        foreach (var (inside, outside) in new (Vector2 Inside, Vector2 Outside)[]
        {
            (new(380.1f, 150), new(379.9f, 150)),
            (new(619.9f, 150), new(620.1f, 150)),
            (new(500, 90.1f), new(500, 89.9f)),
            (new(500, 209.9f), new(500, 210.1f)),
        })
        {
            Assert.True(IsConfirmed(With(index, inside), Face), $"{inside}");
            Assert.False(IsConfirmed(With(index, outside), Face), $"{outside}");
        }
    }

    [Fact]
    public void The_rest_of_the_body_does_not_matter()
    {
        var pose = Facing();
        for (var i = 9; i < Pose.LandmarkCount; i++)
            pose.Landmarks[i] = new Landmark(new Vector3(-50), 0, 0);
        Assert.True(IsConfirmed(pose, Face));
    }

    private static bool IsConfirmed(Pose pose, params Detection[] faces) =>
        PersonRule.IsConfirmed(pose, faces, PictureSize);

    private static Pose With(int index, float visibility)
    {
        var pose = Facing();
        pose.Landmarks[index].Visibility = visibility;
        return pose;
    }

    private static Pose With(int index, Vector2 picturePosition)
    {
        var pose = Facing();
        pose.Landmarks[index].PicturePosition = new Vector3(picturePosition, 0);
        return pose;
    }

    private static Pose Facing()
    {
        var pose = new Pose();
        pose.Landmarks.Fill(new Landmark(new Vector3(440, 150, 0), 0.9f, 0.9f));
        return pose;
    }
}
