using EdgeCloud.Contract;
using EdgeCloud.Server.Store;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Tests.Server;

/// <summary>What becomes of presence events in the store, and what is answered; the same on both engines.</summary>
public sealed class VisitStoreTests(PostgresServer postgres) : IClassFixture<PostgresServer>, IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Noon);
    private readonly List<StoreScene> _scenes = [];
    private long _offset;

    public void Dispose() => _scenes.ForEach(static scene => scene.Dispose());

    [Theory, InlineData("sqlite"), InlineData("postgresql")]
    public async Task A_presence_is_one_visit_which_has_what_was_said_last(string engine)
    {
        var scene = await SceneAsync(engine);
        var came = Presences.Of("edge-1", Noon.AddMinutes(-10));
        Write(scene, came);
        Assert.Equal((1, 1, 0.0), Totals(Read(scene)));

        Write(scene, came.After(60));
        Assert.Equal((1, 1, 60.0), Totals(Read(scene)));

        Write(scene, came.After(90, PresenceEnd.Left));
        var answer = Read(scene);
        Assert.Equal((1, 0, 90.0), Totals(answer));
        Assert.Equal([new ZoneVisits("edge-1", "desk", 1, 45)], answer.Zones);
        var item = Assert.Single(answer.Items);
        Assert.Equal((came.PresenceId, "edge-1", 3L), (item.PresenceId, item.DeviceId, item.TrackId));
        Assert.Equal((came.StartedAt, came.StartedAt.AddSeconds(90)), (item.StartedAt, item.LastSeenAt));
        Assert.Equal((true, "left", 90, 0.95), (item.Ended, item.Reason, item.DwellSeconds, item.HighestScore));
        Assert.Equal([0.1, 0.2, 0.3, 0.4], item.FirstPoint.Concat(item.LastPoint));
        Assert.Equal([new ZoneStay("desk", 45, 1)], item.Zones);
        Assert.Equal([new LineCount("door", 1, 0)], item.Crossings);
    }

    /// <summary>In batches of one, two and all, as several servers and replays have them.</summary>
    [Theory]
    [InlineData("sqlite", 1), InlineData("sqlite", 2), InlineData("sqlite", 8)]
    [InlineData("postgresql", 1), InlineData("postgresql", 2), InlineData("postgresql", 8)]
    public async Task Whatever_order_events_come_in_and_however_often_the_same_is_known(string engine, int atOnce)
    {
        var scene = await SceneAsync(engine);
        var came = Presences.Of("edge-1", Noon.AddMinutes(-10));
        PresenceEvent[] all = [came, came.After(60), came.After(120), came.After(130, PresenceEnd.Stopped)];
        foreach (var order in new[] { "3012", "0123", "2301", "1032" })
        {
            foreach (var some in (order + order).Select(number => all[number - '0']).Chunk(atOnce))
            {
                Write(scene, some);
                Write(scene, all[0]);
            }

            var answer = Read(scene);
            Assert.Equal((1, 0, 130.0), Totals(answer));
            Assert.Equal([new ZoneVisits("edge-1", "desk", 1, 65)], answer.Zones);
            Assert.Equal("stopped", Assert.Single(answer.Items).Reason);
        }
    }

    /// <summary>An edge that crashed tells of the end with what it had told before.</summary>
    [Theory, InlineData("sqlite"), InlineData("postgresql")]
    public async Task An_ended_one_stays_ended_and_an_older_sighting_replaces_no_newer(string engine)
    {
        var scene = await SceneAsync(engine);
        var came = Presences.Of("edge-1", Noon.AddMinutes(-10));
        Write(scene, came.After(120));
        Write(scene, came.After(60, PresenceEnd.Lost));
        var item = Assert.Single(Read(scene).Items);
        Assert.Equal((true, "lost", 120), (item.Ended, item.Reason, item.DwellSeconds));
        Assert.Equal([new ZoneVisits("edge-1", "desk", 1, 60)], Read(scene).Zones);

        Write(scene, came.After(180));
        Assert.Equal((1, 0, 180.0), Totals(Read(scene)));
        Assert.Equal("lost", Assert.Single(Read(scene).Items).Reason);
    }

    [Theory, InlineData("sqlite"), InlineData("postgresql")]
    public async Task A_zone_that_an_event_has_twice_is_one(string engine)
    {
        var scene = await SceneAsync(engine);
        Write(scene, Presences.Of("edge-1", Noon.AddMinutes(-10), 60) with
        {
            Zones = [new ZoneStay("desk", 1, 1), new ZoneStay("desk", 5, 1)],
        });
        Assert.Equal([new ZoneVisits("edge-1", "desk", 1, 5)], Read(scene).Zones);
    }

    [Theory, InlineData("sqlite"), InlineData("postgresql")]
    public async Task Visits_that_overlap_the_time_count_and_their_median_is_the_middle(string engine)
    {
        var scene = await SceneAsync(engine);
        Write(
            scene,
            Presences.Of("edge-1", At(10), 60, PresenceEnd.Left),
            Presences.Of("edge-1", At(12), 600, PresenceEnd.Left, "door"),
            Presences.Of("edge-2", At(15), 30),
            Presences.Of("edge-2", At(20), 90, PresenceEnd.Lost));

        Assert.Equal((4, 1, 75.0), Totals(Read(scene)));
        Assert.Equal([At(20), At(15), At(12), At(10)], Read(scene).Items.Select(item => item.StartedAt));
        Assert.Equal(
            [new("edge-1", "desk", 1, 30), new("edge-1", "door", 1, 300), new ZoneVisits("edge-2", "desk", 2, 30)],
            Read(scene).Zones);
        Assert.Equal((3, 1, 90.0), Totals(Read(scene, "10:15:30", devices: "edge-1,edge-2")));

        // Seen last at 10:11:00 and begun at 10:12:00, both at the edges.
        Assert.Equal([At(10)], Read(scene, "10:11:00", "10:12:00").Items.Select(item => item.StartedAt));
        Assert.Empty(Read(scene, "10:11:01", "10:12:00").Items);
        Assert.Equal([At(12)], Read(scene, "10:11:01", "10:12:01").Items.Select(item => item.StartedAt));
        Assert.Equal((2, 0, 330.0), Totals(Read(scene, devices: "edge-1")));
        Assert.Equal((0, 0, (double?)null), Totals(Read(scene, devices: "edge-3")));

        var limited = Read(scene, limit: 1);
        Assert.Equal((4, 1, 75.0), Totals(limited));
        Assert.Equal(At(20), Assert.Single(limited.Items).StartedAt);

        static DateTimeOffset At(int minute) => Noon.AddHours(-2).AddMinutes(minute);
    }

    [Theory, InlineData("sqlite"), InlineData("postgresql")]
    public async Task Crossings_are_those_that_events_tell_of(string engine)
    {
        var scene = await SceneAsync(engine);
        foreach (var minutes in new[] { 5, 6, 200 })
        {
            var one = Events.Of("edge-1", Noon.AddMinutes(-minutes)) with
            {
                Zones = new ZoneFindings
                {
                    Occupancy = [],
                    Crossings =
                    [
                        new("door", CrossingDirection.Forward, 1), new("door", CrossingDirection.Backward, 2),
                        new("door", CrossingDirection.Forward, 3),
                    ],
                },
            };
            scene.Add(0, Events.Summary(one), DetectionEventJson.Write(one), Noon);
        }

        Assert.Equal([new LineHistory("edge-1", "door", 4, 2)], Read(scene, "11:00:00").Crossings);
        Assert.Equal([new LineHistory("edge-1", "door", 6, 3)], Read(scene, "00:00:00").Crossings);
        Assert.Empty(Read(scene, devices: "edge-2").Crossings);
    }

    [Theory, InlineData("sqlite"), InlineData("postgresql")]
    public async Task Visits_are_kept_as_long_as_hours(string engine)
    {
        var history = new HistoryOptions { MinutesFor = TimeSpan.FromHours(1), HoursFor = TimeSpan.FromDays(2) };
        var scene = await SceneAsync(engine, history: history);
        Write(
            scene,
            [
                Presences.Of("edge-1", Noon.AddHours(-47)),
                .. Enumerable.Range(0, 601).Select(i => Presences.Of("edge-2", Noon.AddHours(-49).AddSeconds(-i), 10)),
            ]);
        Assert.Equal(602, scene.Store.Read("SELECT COUNT(*) FROM visit_zones", row => row.GetInt64(0))[0]);

        using var measured = new Measurements();
        var options = Options.Create(history);
        using var retention = new Retention(
            scene.Store, new StoreGauges(measured.Meters, scene.Store, options, _time), options, _time);
        Assert.Equal(500, scene.Store.PruneVisits(Noon.AddHours(-48), 500));
        await retention.PruneAsync(CancellationToken.None);

        Assert.Equal(["edge-1"], scene.Store.Read("SELECT device_id FROM visits", row => row.GetString(0)));
        Assert.Equal(1, scene.Store.Read("SELECT COUNT(*) FROM visit_zones", row => row.GetInt64(0))[0]);
    }

    [Theory, InlineData("sqlite"), InlineData("postgresql")]
    public async Task A_position_goes_on_within_its_log_and_never_back(string engine)
    {
        var scene = await SceneAsync(engine);
        (string Log, int Next, string Expected)[] written =
            [("a", 5, "a 5"), ("a", 3, "a 5"), ("a", 9, "a 9"), ("b", 1, "b 1")];
        foreach (var (log, next, expected) in written)
        {
            var batch = new VisitBatch();
            batch.Add(4, new Position(log, next, 0), presence: null);
            scene.Store.Write(batch, PresenceTopic.Name, new Dictionary<int, Position>());
            var (partition, position) = scene.Store.Positions(PresenceTopic.Name).Single();
            Assert.Equal((4, expected), (partition, $"{position.Log} {position.Next}"));
        }

        Assert.Equal((0, 0), (scene.Registry.Totals().Events, scene.Registry.Totals().DeadLetters));
    }

    /// <summary>A crash of the database takes what it confirmed last.</summary>
    [Theory, InlineData("sqlite"), InlineData("postgresql")]
    public async Task What_was_behind_a_position_that_is_lost_is_not_gone_on_from(string engine)
    {
        var scene = await SceneAsync(engine);
        Write(scene, Presences.Of("edge-1", Noon.AddMinutes(-10)));
        var batch = new VisitBatch();
        batch.Add(0, new Position("log", 9, 0), Presences.Of("edge-2", Noon.AddMinutes(-10)));

        foreach (var (partition, before) in new[] { (0, new Position("log", 2, 0)), (1, new Position("log", 1, 0)) })
        {
            var lost = Assert.Throws<PositionException>(() => scene.Store.Write(
                batch, PresenceTopic.Name, new Dictionary<int, Position> { [partition] = before }));
            Assert.Equal(partition, lost.Partition);
        }

        Assert.Equal((1, 1, 0.0), Totals(Read(scene)));
        foreach (var before in new[] { new Position("log", 1, 0), new Position("another", 7, 0) })
        {
            scene.Store.Write(batch, PresenceTopic.Name, new Dictionary<int, Position> { [0] = before });
            Assert.Equal((2, 2, 0.0), Totals(Read(scene)));
        }
    }

    /// <summary>Each writes all of the topic, a different part of it at a time.</summary>
    [Fact]
    public async Task Servers_that_write_the_same_at_the_same_time_agree()
    {
        var database = await postgres.CreateDatabaseAsync();
        var came = Enumerable.Range(0, 100).Select(i => Presences.Of($"edge-{i % 7}", Noon.AddSeconds(-600 + i)))
            .ToArray();
        PresenceEvent[] all =
        [
            .. came, .. came.Select(each => each.After(60)), .. came.Select(each => each.After(61, PresenceEnd.Left)),
        ];
        var servers = Enumerable.Range(0, 3).Select(_ => new StoreScene(_time, connection: database)).ToArray();
        _scenes.AddRange(servers);
        servers[0].Store.Open();

        await Task.WhenAll(servers.Select((scene, number) => Task.Run(() =>
        {
            foreach (var some in all.Chunk(17 + (40 * number)))
                Write(scene, some);
        })));

        foreach (var scene in servers)
        {
            Assert.Equal((100, 0, 61.0), Totals(Read(scene)));
            Assert.Equal(100, Read(scene).Zones.Sum(zone => zone.Visits));
        }
    }

    private static (long Visits, long Present, double? Median) Totals(VisitsAnswer answer) =>
        (answer.Visits, answer.Present, answer.DwellSecondsMedian);

    private void Write(StoreScene scene, params PresenceEvent[] presences)
    {
        var batch = new VisitBatch();
        foreach (var presence in presences)
            batch.Add(0, new Position("log", Interlocked.Increment(ref _offset), 0), presence);
        scene.Store.Write(batch, PresenceTopic.Name, new Dictionary<int, Position>());
    }

    private VisitsAnswer Read(
        StoreScene scene, string from = "00:00:00", string to = "12:00:00", string? devices = null, int limit = 500)
    {
        Assert.True(
            HistoryQuery.TryParse(
                new(devices is null ? [] : [devices], $"2026-01-02T{from}Z", $"2026-01-02T{to}Z"), _time.GetUtcNow(),
                TimeSpan.FromDays(30), out var query, out var problem),
            problem);
        return new Visits(scene.Store).Read(query, limit);
    }

    private async Task<StoreScene> SceneAsync(string engine, HistoryOptions? history = null)
    {
        var scene = new StoreScene(
            _time, history: history, connection: engine == "sqlite" ? null : await postgres.CreateDatabaseAsync());
        _scenes.Add(scene);
        return scene;
    }
}
