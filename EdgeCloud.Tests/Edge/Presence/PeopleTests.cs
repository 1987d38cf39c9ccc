using EdgeCloud.Contract;
using EdgeCloud.Edge.Events;
using EdgeCloud.Edge.Inference;
using EdgeCloud.Edge.Presence;
using EdgeCloud.Edge.Tracking;
using EdgeCloud.Edge.Zones;
using static EdgeCloud.Tests.Edge.Presence.PeopleScene;

namespace EdgeCloud.Tests.Edge.Presence;

/// <summary>Who came, stays and went.</summary>
public sealed class PeopleTests : IDisposable
{
    private readonly PeopleScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void A_person_is_told_when_it_comes_each_minute_and_when_it_has_gone()
    {
        var began = _scene.Clock.GetUtcNow().AddSeconds(1);
        _scene.See(1, At(0.3, 0.5, score: 0.8));
        var started = Assert.Single(_scene.Tell());
        for (var second = 0; second < 90; second++)
        {
            _scene.See(1, At(0.4, 0.5, score: second == 40 ? 0.95 : 0.7));
            if (second != 70)
                Assert.Equal(second == 59 ? 1 : 0, _scene.Tell().Count);
        }

        _scene.See(61);
        Assert.DoesNotContain(_scene.Tell(), presence => presence.Type == PresenceType.Ended);
        _scene.See(2);
        var ended = Assert.Single(_scene.Tell());

        Assert.Equal((PresenceType.Started, began, 0.0), (started.Type, started.StartedAt, started.DwellSeconds));
        Assert.Equal((PresenceType.Ended, PresenceEnd.Left), (ended.Type, ended.Reason));
        Assert.Equal((started.PresenceId, 1, began), (ended.PresenceId, ended.TrackId, ended.StartedAt));
        Assert.Equal((90.0, began.AddSeconds(90), 0.95), (ended.DwellSeconds, ended.LastSeenAt, ended.HighestScore));
        Assert.Equal((new Point(0.3, 0.5), new Point(0.4, 0.5)), (ended.FirstPoint, ended.LastPoint));
        Assert.Equal(1, _scene.Count("edgecloud.presence.visits/started"));
        Assert.Equal(1, _scene.Count("edgecloud.presence.visits/left"));
    }

    [Fact]
    public void What_was_not_kept_is_told_again_and_nothing_is_told_twice()
    {
        _scene.See(1, At(0.3, 0.5));
        Assert.Single(_scene.People.ToTell(_scene.Now, 10));
        Assert.Equal(PresenceType.Started, Assert.Single(_scene.Tell()).Type);
        Assert.Empty(_scene.Tell());

        _scene.See(100);
        Assert.Equal(PresenceType.Ended, Assert.Single(_scene.People.ToTell(_scene.Now, 10)).Presence.Type);
        Assert.Equal(PresenceType.Ended, Assert.Single(_scene.Tell()).Type);
        Assert.Empty(_scene.Tell());
    }

    [Fact]
    public void Who_came_and_went_before_anything_was_kept_is_told_in_order()
    {
        _scene.See(1, At(0.3, 0.5));
        _scene.See(100);

        Assert.Equal([PresenceType.Started, PresenceType.Ended], _scene.Tell().Select(presence => presence.Type));
    }

    [Fact]
    public void An_edge_that_stops_ends_every_visit_and_begins_no_other()
    {
        _scene.See("door", 1, [At(0.3, 0.5), At(0.6, 0.5, track: 2)]);
        _scene.See("desk", 1, [At(0.3, 0.5)]);
        _scene.Tell();

        _scene.People.Stop();
        _scene.See("new", 1, [At(0.3, 0.5)]);
        _scene.See("door", 1, [At(0.3, 0.5, track: 3)]);

        var told = _scene.Tell();
        Assert.Equal(3, told.Count);
        Assert.All(told, presence => Assert.Equal(PresenceEnd.Stopped, presence.Reason));
    }

    /// <summary>Of random days before many cameras, with clocks that jump.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Starts_equal_ends_after_everybody_has_left_and_each_is_told_in_order(int seed)
    {
        var random = new Random(seed);
        _scene.Draw(new DeviceZones { Zones = [Left()], Lines = [Middle()] });
        List<PresenceEvent> told = [];
        for (var frame = 0; frame < 3000; frame++)
        {
            var device = random.Next(4) == 0 ? $"camera-{random.Next(2000)}" : Device;
            var faces = Enumerable.Range(0, random.Next(0, 90)).Select(_ => random.Next(1, 150)).Distinct()
                .Select(track => At(random.NextDouble(), random.NextDouble(), random.Next(5) == 0 ? null : track));
            var later = random.Next(30) switch { 0 => 70, 1 => 0, _ => random.NextDouble() };
            _scene.Clock.Advance(TimeSpan.FromSeconds(later));
            var back = TimeSpan.FromSeconds(random.Next(10) == 0 ? random.Next(100) : 0);
            _scene.People.See(
                device, new Moment(_scene.Clock.GetUtcNow() - back, _scene.Now - back), 1.5, [.. faces], null);
            switch (random.Next(10))
            {
                case 0:
                    told.AddRange(_scene.Tell());
                    break;
                case 1:
                    // Some of it could not be kept.
                    var some = _scene.People.ToTell(_scene.Now, 50).Where((_, i) => i % 3 > 0).ToArray();
                    _scene.People.Told(some, _scene.Now);
                    told.AddRange(some.Select(telling => telling.Presence));
                    break;
            }
        }

        _scene.Clock.Advance(TimeSpan.FromMinutes(2));
        told.AddRange(_scene.Tell());

        Assert.NotEmpty(told);
        Assert.All(told.GroupBy(presence => presence.PresenceId), visit =>
        {
            var types = visit.Select(presence => presence.Type).ToArray();
            Assert.Equal(PresenceType.Started, types[0]);
            Assert.Equal(PresenceType.Ended, types[^1]);
            Assert.All(types[1..^1], type => Assert.Equal(PresenceType.Updated, type));
            Assert.Single(visit.Select(presence => (presence.DeviceId, presence.TrackId)).Distinct());
            Assert.True(visit.Last().DwellSeconds >= 0);
        });
        Assert.Equal(told.Count, told.DistinctBy(presence => presence.EventId).Count());
        Assert.All(told, presence => Assert.True(
            PresenceEventJson.TryRead(PresenceEventJson.Write(presence), out _, out var reason), reason));
    }

    [Fact]
    public void The_order_of_faces_in_a_frame_does_not_matter()
    {
        var random = new Random(4);
        using var other = new PeopleScene();
        foreach (var scene in (PeopleScene[])[_scene, other])
            scene.Draw(new DeviceZones { Zones = [Left()], Lines = [Middle()] });
        for (var frame = 0; frame < 300; frame++)
        {
            Face[] faces = [.. Enumerable.Range(1, 8).Where(_ => random.Next(4) > 0)
                .Select(track => At(random.NextDouble(), random.NextDouble() * 0.7, track))];
            Face[] shuffled = [.. faces];
            random.Shuffle(shuffled);

            var (one, two) = (_scene.See(0.5, faces)!, other.See(0.5, shuffled)!);

            Assert.Equal(one.Occupancy, two.Occupancy);
            Assert.Equal(
                one.Crossings.OrderBy(crossing => crossing.TrackId),
                two.Crossings.OrderBy(crossing => crossing.TrackId));
        }
    }

    /// <summary>Their tracks, and what is told of them.</summary>
    [Fact]
    public void A_thousand_devices_with_ten_persons_each_take_less_than_20_MB()
    {
        for (var device = 0; device < ZoneMap.MaxLines; device++)
            _scene.Draw(new DeviceZones { Lines = [Middle()] }, $"camera-{device}");
        Detection[] found = [.. Enumerable.Range(1, 10).Select(face => new Detection
        {
            Score = 0.9f,
            Min = new((face / 11f) - 0.03f, 0.4f),
            Max = new((face / 11f) + 0.03f, 0.6f),
        })];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var tracker = new FaceTracker();
        for (var device = 0; device < 1000; device++)
        {
            var tracks = tracker.Follow($"camera-{device}", _scene.Now, new(2, 1), found);
            _scene.See($"camera-{device}", 0.01, EventContent.Faces(found, tracks));
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, 1_000_000, 20_000_000);
        Assert.Equal(10_000, _scene.Tell().Count);
        GC.KeepAlive(tracker);
    }
}
