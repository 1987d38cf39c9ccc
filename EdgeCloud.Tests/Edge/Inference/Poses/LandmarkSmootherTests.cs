using System.Numerics;
using EdgeCloud.Edge.Inference.Poses;

namespace EdgeCloud.Tests.Edge.Inference.Poses;

public sealed class LandmarkSmootherTests
{
    private const float PersonSize = 200;

    [Fact]
    public void The_first_frame_is_taken_as_it_is()
    {
        var landmark = new Landmark(new Vector3(1, 2, 3), 0.7f, 0.8f);
        Assert.Equal(landmark, Smooth(new LandmarkSmoother(1, OneEuroSettings.Landmarks), landmark, 0));
    }

    [Fact]
    public void Visibility_moves_by_a_tenth_of_the_way_and_presence_is_let_through()
    {
        var smoother = new LandmarkSmoother(1, OneEuroSettings.Landmarks);
        Smooth(smoother, new Landmark(Vector3.Zero, 1, 1), 0);
        Assert.Equal(0.9, Smooth(smoother, new Landmark(Vector3.Zero, 0, 0), 1).Visibility, 1e-6);
        Assert.Equal(0.81, Smooth(smoother, new Landmark(Vector3.Zero, 0, 0.2f), 2).Visibility, 1e-6);
        Assert.Equal(0.2f, Smooth(smoother, new Landmark(Vector3.Zero, 0, 0.2f), 3).Presence);
    }

    [Fact]
    public void Positions_follow_the_one_euro_filter_worked_out_by_hand()
    {
        // From 100 to 102 pixels in half a second, 2 Hz; a speed of 2 / 200 · 2 = 0.02 person sizes a second.
        // Its own filter, cutoff 1 Hz: α = 1 / (1 + 2 / 2π) = 0.758547, so 0.01517094.
        // Cutoff 0.05 + 80 · 0.01517094 = 1.263675 Hz: α = 1 / (1 + 2 / (2π · 1.263675)) = 0.798791.
        // 100 + 0.798791 · 2 = 101.597582.
        var smoother = new LandmarkSmoother(1, OneEuroSettings.Landmarks);
        Smooth(smoother, new Landmark(new Vector3(100, 0, -100), 1, 1), 10);
        var second = Smooth(smoother, new Landmark(new Vector3(102, 0, -102), 1, 1), 10.5);
        Assert.Equal(101.597582, second.PicturePosition.X, 1e-4);
        Assert.Equal(0, second.PicturePosition.Y);
        Assert.Equal(-101.597582, second.PicturePosition.Z, 1e-4);

        // It rests at 102 for another half second. The speed is taken from the raw values: 0, smoothed 0.241453 ·
        // 0.01517094 = 0.00366307. Cutoff 0.05 + 80 · 0.00366307 = 0.343046 Hz: α = 1 / (1 + 2 / (2π · 0.343046)) =
        // 0.518701. 101.597582 + 0.518701 · 0.402418 = 101.806316.
        Assert.Equal(
            101.806316, Smooth(smoother, new Landmark(new Vector3(102, 0, -102), 1, 1), 11).PicturePosition.X, 1e-4);
    }

    [Fact]
    public void Auxiliary_landmarks_are_held_stiller()
    {
        // As above with 0.01 + 10 · 0.01517094 = 0.161709 Hz: α = 1 / (1 + 2 / (2π · 0.161709)) = 0.336881.
        var smoother = new LandmarkSmoother(1, OneEuroSettings.AuxiliaryLandmarks);
        Smooth(smoother, new Landmark(new Vector3(100, 0, 0), 1, 1), 10);
        Assert.Equal(
            100.673762, Smooth(smoother, new Landmark(new Vector3(102, 0, 0), 1, 1), 10.5).PicturePosition.X, 1e-4);
    }

    [Fact]
    public void Metres_are_not_scaled_by_the_person_s_size()
    {
        // From 0 to 0.1 m in half a second: 0.2 m/s, smoothed 0.1517094; cutoff 0.1 + 40 · 0.1517094 = 6.168376 Hz: α =
        // 1 / (1 + 2 / (2π · 6.168376)) = 0.950929.
        var smoother = new LandmarkSmoother(1, OneEuroSettings.WorldLandmarks);
        Vector3[] position = [Vector3.Zero];
        smoother.Smooth(position, TimeSpan.FromSeconds(1));
        position[0] = new Vector3(0.1f, 0, 0);
        smoother.Smooth(position, TimeSpan.FromSeconds(1.5));
        Assert.Equal(0.0950929, position[0].X, 1e-6);
    }

    [Fact]
    public void Without_time_or_size_positions_are_let_through()
    {
        var smoother = new LandmarkSmoother(1, OneEuroSettings.Landmarks);
        Smooth(smoother, new Landmark(Vector3.Zero, 1, 1), 1);
        var moved = new Landmark(new Vector3(5, 5, 5), 1, 1);
        Assert.Equal(moved, Smooth(smoother, moved, 1));
        Assert.Equal(moved, Smooth(smoother, moved, 2, personSize: 0));
        Assert.NotEqual(moved, Smooth(smoother, moved, 3));
    }

    private static Landmark Smooth(
        LandmarkSmoother smoother, Landmark landmark, double seconds, float personSize = PersonSize)
    {
        Landmark[] landmarks = [landmark];
        smoother.Smooth(landmarks, TimeSpan.FromSeconds(seconds), personSize);
        return landmarks[0];
    }
}
