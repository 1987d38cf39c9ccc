using EdgeCloud.Contract;
using EdgeCloud.Edge.Zones;
using static EdgeCloud.Tests.Edge.Presence.PeopleScene;

namespace EdgeCloud.Tests.Edge.Presence;

/// <summary>Who is in a zone, and who crosses a line.</summary>
public sealed class ZoneCountTests : IDisposable
{
    private readonly PeopleScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void A_device_without_zones_and_lines_says_nothing_of_them()
    {
        Assert.Null(_scene.See(1, At(0.3, 0.5)));
        _scene.Draw(new DeviceZones { Zones = [Left()] }, "other");
        Assert.Null(_scene.See(1, At(0.3, 0.5)));
    }

    [Fact]
    public void Persons_are_counted_in_a_zone_by_the_middle_of_their_faces()
    {
        _scene.Draw(new DeviceZones { Zones = [Left(capacity: 1)], Lines = [Middle()] });

        Assert.Equal([0], Persons(_scene.See(1)));
        Assert.Equal([1], Persons(_scene.See(1, At(0.3, 0.5), At(0.7, 0.5, track: 2))));
        Assert.Equal([2], Persons(_scene.See(1, At(0.3, 0.5), At(0.2, 0.5, track: 2))));
        Assert.Equal([2], Persons(_scene.See(1, At(0.3, 0.5), At(0.2, 0.5, track: 2), At(0.1, 0.5, track: null))));
        Assert.Equal(2, _scene.Count("edgecloud.zone.persons"));
        Assert.Equal(1, _scene.Count("edgecloud.zone.capacity"));
    }

    [Fact]
    public void Who_is_missed_in_a_frame_is_still_in_the_zone_and_who_is_away_is_not()
    {
        _scene.Draw(new DeviceZones { Zones = [Left()] });
        _scene.See(1, At(0.3, 0.5));

        Assert.Equal([1], Persons(_scene.See(1)));
        Assert.Equal([1], Persons(_scene.See(2)));
        Assert.Equal([0], Persons(_scene.See(1.5)));
        Assert.Equal([1], Persons(_scene.See(1, At(0.3, 0.5))));

        // Frames every 20 seconds: one without the face is not enough.
        _scene.See(20, At(0.3, 0.5));
        Assert.Equal([1], Persons(_scene.See(20)));
        Assert.Equal([0], Persons(_scene.See(21)));
    }

    [Fact]
    public void Who_stands_at_the_border_of_a_zone_comes_into_it_once()
    {
        _scene.Draw(new DeviceZones { Zones = [Left()] });
        for (var i = 0; i < 100; i++)
            _scene.See(0.1, At(0.5 + (i % 2 == 0 ? 0.005 : -0.005), 0.5));
        _scene.See(0.1, At(0.7, 0.5));

        var stay = Assert.Single(Ended().Zones);
        Assert.Equal(("left", 1), (stay.Zone, stay.Entries));
        Assert.Equal(9.8, stay.Seconds, 3);
        Assert.Equal(1, _scene.Count("edgecloud.presence.visits/left"));
    }

    [Fact]
    public void Stays_in_a_zone_add_up_and_those_hidden_in_it_stay()
    {
        _scene.Draw(new DeviceZones { Zones = [Left()] });
        _scene.See(1, At(0.3, 0.5));
        _scene.See(2, At(0.3, 0.5));
        _scene.See(1, At(0.8, 0.5));
        _scene.See(1, At(0.3, 0.5));
        _scene.See(30);
        _scene.See(5, At(0.3, 0.5));

        Assert.Equal([new ZoneStay("left", 37, 2)], Ended().Zones);
    }

    [Theory]
    [InlineData(0.3, 0.7, CrossingDirection.Forward)]
    [InlineData(0.7, 0.3, CrossingDirection.Backward)]
    public void A_line_is_crossed_forward_from_left_to_right_when_it_is_drawn_downwards(
        double from, double to, CrossingDirection expected)
    {
        _scene.Draw(new DeviceZones { Lines = [Middle()] });
        _scene.See(1, At(from, 0.5));

        Assert.Equal([new LineCrossing("middle", expected, 1)], _scene.See(1, At(to, 0.5))!.Crossings);
        Assert.Empty(_scene.See(1, At(to, 0.5))!.Crossings);
        Assert.Equal(1, _scene.Count("edgecloud.line.crossings"));
    }

    [Fact]
    public void Who_walks_past_the_end_of_a_line_does_not_cross_it()
    {
        _scene.Draw(new DeviceZones { Lines = [Middle()] });
        _scene.See(1, At(0.3, 0.9));
        Assert.Empty(_scene.See(1, At(0.7, 0.9))!.Crossings);
        Assert.Empty(_scene.See(1, At(0.7, 0.5))!.Crossings);
        Assert.Single(_scene.See(1, At(0.3, 0.5))!.Crossings);
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData(0.0, 101)]
    public void Who_stands_on_a_line_is_not_a_crowd_unless_the_line_wants_it_so(double? hysteresis, int expected)
    {
        _scene.Draw(new DeviceZones { Lines = [Middle(hysteresis)] });
        _scene.See(0.1, At(0.3, 0.5));
        var crossings = 0;

        // By a twentieth of a face's height to either side; the picture is twice as wide as high.
        for (var i = 0; i < 100; i++)
            crossings += _scene.See(0.1, At(0.5 + (i % 2 == 0 ? 0.005 : -0.005), 0.5))!.Crossings.Count;
        crossings += _scene.See(0.1, At(0.7, 0.5))!.Crossings.Count;

        Assert.Equal(expected, crossings);
    }

    [Fact]
    public void A_person_whose_feet_are_shown_is_where_they_are()
    {
        // The face stays above it.
        _scene.Draw(new DeviceZones { Lines = [new() { Name = "step", From = new(1, 0.7), To = new(0, 0.7) }] });
        Assert.Empty(_scene.See(Device, 1, [At(0.5, 0.3)], [Standing(0.5, 0.3, 0.6)])!.Crossings);
        Assert.Single(_scene.See(Device, 1, [At(0.5, 0.3)], [Standing(0.5, 0.3, 0.8)])!.Crossings);

        // Hidden feet stay where they were; then the face takes their place, which is no crossing.
        Assert.Empty(_scene.See(Device, 1, [At(0.5, 0.3)], [])!.Crossings);
        Assert.Empty(_scene.See(Device, 5, [At(0.5, 0.3)], [])!.Crossings);
        Assert.Empty(_scene.See(Device, 1, [At(0.5, 0.3)], [Standing(0.5, 0.3, 0.8)])!.Crossings);
    }

    [Fact]
    public void Feet_that_are_shown_now_and_then_miss_no_crossing_and_make_none()
    {
        _scene.Draw(new DeviceZones { Lines = [new() { Name = "door", From = new(0.5, 0), To = new(0.5, 1) }] });
        List<CrossingDirection> crossings = [];
        for (var frame = 0; frame < 64; frame++)
        {
            // To and fro once in sixteen frames, the feet in every other one.
            var x = 0.5 + (0.3 * Math.Sin(2 * Math.PI * (frame + 0.5) / 16));
            PersonPose[] poses = frame % 2 == 0 ? [Standing(x, 0.3, 0.8)] : [];
            var zones = _scene.See(Device, 1, [At(x, 0.3)], poses)!;
            crossings.AddRange(zones.Crossings.Select(crossing => crossing.Direction));
        }

        Assert.Equal(7, crossings.Count);
        Assert.Equal(CrossingDirection.Backward, crossings[0]);
        Assert.All(crossings.Zip(crossings.Skip(1)), pair => Assert.NotEqual(pair.First, pair.Second));
    }

    [Fact]
    public void Zones_that_are_changed_keep_what_was_counted_under_their_names()
    {
        _scene.Draw(new DeviceZones { Zones = [Left()], Lines = [Middle()] });
        _scene.See(1, At(0.7, 0.5));
        _scene.See(1, At(0.3, 0.5));
        _scene.Draw(new DeviceZones
        {
            Zones = [new() { Name = "new", Points = [new(0, 0), new(1, 0), new(1, 1)] }, Left()],
            Lines = [new() { Name = "new line", From = new(0, 0.9), To = new(1, 0.9) }, Middle()],
        });
        _scene.See(2, At(0.3, 0.5));

        var ended = Ended();
        Assert.Equal([new ZoneStay("left", 2, 1)], ended.Zones);
        Assert.Equal([new LineCount("middle", 0, 1)], ended.Crossings);
    }

    [Fact]
    public void What_is_told_late_of_a_visit_that_is_over_is_by_the_zones_of_then()
    {
        _scene.Draw(new DeviceZones { Zones = [Left()], Lines = [Middle()] });
        _scene.See(1, At(0.7, 0.5));
        _scene.See(1, At(0.3, 0.5));
        _scene.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.NotEmpty(_scene.People.ToTell(_scene.Now, 10));
        _scene.Draw(new DeviceZones());
        _scene.See(1, At(0.3, 0.5, track: 2));

        var ended = _scene.Tell().Single(presence => presence.Type == PresenceType.Ended);
        Assert.Equal([new ZoneStay("left", 0, 1)], ended.Zones);
        Assert.Equal([new LineCount("middle", 0, 1)], ended.Crossings);
    }

    private static PersonPose Standing(double x, double face, double feet) => new()
    {
        Conf = 0.9,
        ConfirmedByFace = true,
        Landmarks =
        [
            .. Enumerable.Range(0, 33).Select(i => new Landmark(x, i < 11 ? face : feet, 0, 0.9)),
        ],
    };

    private static IEnumerable<int> Persons(ZoneFindings? zones) => zones!.Occupancy.Select(zone => zone.Persons);

    private PresenceEvent Ended()
    {
        _scene.Clock.Advance(TimeSpan.FromMinutes(2));
        return Assert.Single(_scene.Tell(), presence => presence.Type == PresenceType.Ended);
    }
}
