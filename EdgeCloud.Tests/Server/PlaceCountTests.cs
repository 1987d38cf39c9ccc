using EdgeCloud.Contract;
using EdgeCloud.Server.Store;
using EdgeCloud.Sql;

namespace EdgeCloud.Tests.Server;

/// <summary>Zones, lines and visits in the history; the same on both engines.</summary>
public sealed class PlaceCountTests(PostgresServer postgres) : IClassFixture<PostgresServer>, IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Noon);
    private readonly TemporaryFolder _folder = new();
    private StoreScene? _scene;

    public void Dispose()
    {
        _scene?.Dispose();
        _folder.Dispose();
    }

    [Theory, InlineData("sqlite"), InlineData("postgresql")]
    public async Task Zones_and_lines_are_counted_in_the_buckets_of_frames(string engine)
    {
        var scene = await SceneAsync(engine);
        Count(scene, "a", Noon.AddMinutes(-62), desk: 1, "door", CrossingDirection.Forward);
        Count(scene, "a", Noon.AddMinutes(-62).AddSeconds(59), desk: 4, "door", CrossingDirection.Backward);
        Count(scene, "a", Noon.AddMinutes(-2), desk: 2, "door", CrossingDirection.Forward);
        Count(scene, "b", Noon.AddMinutes(-2), desk: 0, "gate", CrossingDirection.Forward);
        Add(scene, Events.Of("a", Noon.AddMinutes(-1)));

        var minutes = Read(scene, "1m");
        Assert.Equal([1, 2, 0], minutes.Select(each => each.Zones.Count));
        Assert.Equal(new ZoneHistory("a", "desk", 2.5, 4), minutes[0].Zones[0]);
        Assert.Equal([new LineHistory("a", "door", 1, 1)], minutes[0].Crossings);
        Assert.Equal([new("a", "desk", 2, 2), new ZoneHistory("b", "desk", 0, 0)], minutes[1].Zones);
        Assert.Equal([new("a", "door", 1, 0), new LineHistory("b", "gate", 1, 0)], minutes[1].Crossings);
        Assert.Empty(minutes[2].Crossings);

        var day = Assert.Single(Read(scene, "1d"));
        Assert.Equal([new("a", "desk", 2.3333, 4), new ZoneHistory("b", "desk", 0, 0)], day.Zones);
        Assert.Equal([new("a", "door", 2, 1), new LineHistory("b", "gate", 1, 0)], day.Crossings);

        var hours = Read(scene, "1h", by: "device");
        Assert.Equal(["a", "a", "b"], hours.Select(each => each.DeviceId));
        Assert.All(hours, each => Assert.All(each.Zones, zone => Assert.Equal(each.DeviceId, zone.DeviceId)));
        Assert.Equal([1, 1, 1], hours.Select(each => each.Zones.Count));
        Assert.Equal([new LineHistory("b", "gate", 1, 0)], Read(scene, "1d", null, "b").Single().Crossings);
    }

    [Theory, InlineData("sqlite"), InlineData("postgresql")]
    public async Task An_event_that_comes_twice_crosses_once(string engine)
    {
        var scene = await SceneAsync(engine);
        var one = Of("a", Noon.AddMinutes(-1), desk: 3, "door", CrossingDirection.Forward);
        Add(scene, one);
        Add(scene, one);
        Assert.Equal([new LineHistory("a", "door", 1, 0)], Read(scene, "1m").Single().Crossings);
    }

    [Theory, InlineData("sqlite"), InlineData("postgresql")]
    public async Task Visits_are_in_the_bucket_in_which_they_began(string engine)
    {
        var scene = await SceneAsync(engine);
        foreach (var (device, minute) in new[] { ("a", -62), ("a", -2), ("b", -2) })
            Count(scene, device, Noon.AddMinutes(minute), desk: 1, "door", CrossingDirection.Forward);
        var batch = new VisitBatch();
        foreach (var (device, minute, seconds) in new[]
        {
            ("a", -62, 40.0), ("a", -62, 20.0), ("a", -30, 1000.0), ("b", -2, 5.0), ("a", -2, 10.0), ("a", -2, 60.0),
        })
            batch.Add(0, new Position("log", 1, 0), Presences.Of(device, Noon.AddMinutes(minute), seconds));
        scene.Store.Write(batch, PresenceTopic.Name, new Dictionary<int, Position>());

        // The minute of the longest has no frame.
        Assert.Equal([(2, 30.0), (3, 10.0)], Read(scene, "1m").Select(Of));
        Assert.Equal([(2, 30.0), (2, 35.0), (1, 5.0)], Read(scene, "1m", by: "device").Select(Of));
        Assert.Equal([(6, 30.0)], Read(scene, "1d").Select(Of));
        Assert.Equal([(1, 5.0)], Read(scene, "1d", null, "b").Select(Of));

        // Each was at the desk for half of the time.
        Assert.Equal([15, 17.5, 2.5], Read(scene, "1m", by: "device").Select(item => item.Zones[0].DwellSecondsMedian));
        Assert.Equal([20.0, 2.5], Read(scene, "1d").Single().Zones.Select(zone => zone.DwellSecondsMedian));

        static (int, double?) Of(HistoryItem item) => (item.Visits, item.DwellSecondsMedian);
    }

    [Theory, InlineData("sqlite"), InlineData("postgresql")]
    public async Task They_are_dropped_with_the_counts_of_frames(string engine)
    {
        var scene = await SceneAsync(engine);
        for (var minute = 1; minute <= 10; minute++)
            Count(scene, "a", Noon.AddMinutes(-minute), desk: 1, "door", CrossingDirection.Forward);

        // Five minutes of three tables.
        Assert.Equal(7, scene.Store.Prune(EventBatch.Minute, Noon.AddMinutes(-5), 7));
        Assert.Equal(8, scene.Store.Prune(EventBatch.Minute, Noon.AddMinutes(-5), 500));
        foreach (var table in new[] { "counts", "zone_counts", "line_counts" })
        {
            var left = scene.Store.Read(
                $"SELECT COUNT(*) FROM {table} WHERE seconds = 60", static row => row.GetInt64(0)).Single();
            Assert.Equal((table, 5), (table, left));
        }
    }

    /// <summary>As the version before left it.</summary>
    [Theory, InlineData("sqlite"), InlineData("postgresql")]
    public async Task A_store_of_version_1_keeps_what_it_has_and_gets_the_new_tables(string engine)
    {
        var connection = engine == "sqlite"
            ? $"Data Source={_folder.File("history.db")}"
            : await postgres.CreateDatabaseAsync();
        using (var before = new StoreScene(_time, connection: connection))
        {
            Add(before, Events.Of("a", Noon.AddMinutes(-2), persons: 2));
            foreach (var table in new[] { "zone_counts", "line_counts", "visits", "visit_zones" })
                before.Execute($"DROP TABLE {table}");
            before.Execute("DELETE FROM schema_version WHERE version > 1");
        }

        _scene = new StoreScene(_time, connection: connection);
        Assert.Equal((1, 2), ((int)_scene.Registry.Totals().Events, (int)_scene.Registry.Totals().Persons));
        Assert.Equal(1, Assert.Single(Read(_scene, "1m")).Frames);
        Assert.Equal(0, _scene.Store.Read("SELECT COUNT(*) FROM visits", static row => row.GetInt64(0)).Single());
        using var opened = _scene.Engine.Source.OpenConnection();
        Schema.Migrate(opened, _scene.Engine);
        Assert.Equal(
            [1, 2],
            _scene.Store.Read("SELECT version FROM schema_version ORDER BY version", static row => row.GetInt32(0)));
    }

    private static DetectionEvent Of(
        string device, DateTimeOffset time, int desk, string line, CrossingDirection direction) =>
        Events.Of(device, time) with
        {
            Zones = new ZoneFindings
            {
                Occupancy = [new ZoneOccupancy("desk", desk)],
                Crossings = [new LineCrossing(line, direction, 1)],
            },
        };

    private static void Count(
        StoreScene scene, string device, DateTimeOffset time, int desk, string line, CrossingDirection direction) =>
        Add(scene, Of(device, time, desk, line, direction));

    private static void Add(StoreScene scene, DetectionEvent one)
    {
        scene.Add(0, Events.Summary(one), DetectionEventJson.Write(one), Noon);
        scene.Write();
    }

    private HistoryItem[] Read(StoreScene scene, string bucket, string? by = null, params string[] devices)
    {
        Assert.True(
            HistoryQuery.TryParse(
                new(devices, "-2h", "now", bucket, by), _time.GetUtcNow(), TimeSpan.FromDays(30), out var query,
                out var problem),
            problem);
        return [.. new History(scene.Store).Read(query).Select(each => each.ToItem())];
    }

    private async Task<StoreScene> SceneAsync(string engine) => _scene = new StoreScene(
        _time, connection: engine == "sqlite" ? null : await postgres.CreateDatabaseAsync());
}
