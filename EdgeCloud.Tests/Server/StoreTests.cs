using EdgeCloud.Contract;
using EdgeCloud.Server.Store;
using EdgeCloud.Sql;

namespace EdgeCloud.Tests.Server;

/// <summary>The same on both engines.</summary>
public sealed class StoreTests(PostgresServer postgres) : IClassFixture<PostgresServer>, IDisposable
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
    public async Task Sums_are_kept_by_the_minute_and_the_hour_and_gaps_are_gaps(string engine)
    {
        var scene = await SceneAsync(engine);
        Count("a", Noon.AddMinutes(-62), persons: 1, joules: 0.5, grams: 0.001);
        Count("a", Noon.AddMinutes(-62).AddSeconds(59), persons: 4, unchanged: true);
        Count("a", Noon.AddMinutes(-2), persons: 2, capturedAgo: TimeSpan.FromMinutes(1));
        Count("b", Noon.AddMinutes(-2), persons: 0, joules: 1);

        var together = Read("-2h", "1m");
        Assert.Equal([Noon.AddMinutes(-62), Noon.AddMinutes(-2)], together.Select(each => each.Start));
        var first = together[0];
        Assert.Equal((2, 1, 2.5, 4, 5), (first.Frames, first.Unchanged, first.PersonsAverage, first.PersonsMax,
            (int)first.Faces));
        Assert.Equal((0.5, 0.001), (first.Joules, first.Grams));
        Assert.Equal((2, 1.0, 2), (together[1].Frames, together[1].PersonsAverage, together[1].PersonsMax));
        Assert.Equal(60_000, together[1].FreshnessMsMax);

        Assert.Equal([(2, "a"), (1, "a"), (1, "b")], Read("-2h", "5m", by: "device").Select(Of));
        Assert.Equal([(2, null), (2, null)], Read("-2h", "1h").Select(Of));
        Assert.Equal([(4, null)], Read("-2h", "1d").Select(Of));
        Assert.Equal([(1, "b")], Read("-2h", "1d", by: "device", "b").Select(Of));
        Assert.Empty(Read("-2h", "1m", by: null, "c"));

        (int, string?) Of(HistoryItem item) => ((int)item.Frames, item.DeviceId);

        void Count(
            string device, DateTimeOffset time, int persons, double? joules = null, double grams = 0,
            bool unchanged = false, TimeSpan? capturedAgo = null)
        {
            var one = Events.Of(device, time, persons) with
            {
                EnergyJoules = joules,
                Unchanged = unchanged,
                CapturedAt = time - (capturedAgo ?? default),
            };
            scene.Add(0, Events.Summary(one), DetectionEventJson.Write(one), time, grams);
        }

        HistoryItem[] Read(string from, string bucket, string? by = null, params string[] devices) =>
            this.Read(scene, new(devices, from, "now", bucket, by));
    }

    [Theory, InlineData("sqlite"), InlineData("postgresql")]
    public async Task Of_a_late_event_what_its_time_is_still_kept_for_counts(string engine)
    {
        var scene = await SceneAsync(
            engine,
            history: new HistoryOptions { MinutesFor = TimeSpan.FromHours(2), HoursFor = TimeSpan.FromDays(2) });
        foreach (var hours in new[] { 1, 3, 49 })
            Add(scene, 0, Events.Of("a", Noon.AddHours(-hours)), Noon);

        Assert.Equal((3, 3), (scene.Registry.Totals().Events, scene.Registry.Summaries().Single().Events));
        Assert.Equal([1, 1], Read(scene, new([], "-60h", "now", "1h")).Select(item => (int)item.Frames));
        Assert.Single(Read(scene, new([], "-3h", "now", "1m")));
    }

    [Theory, InlineData("sqlite"), InlineData("postgresql")]
    public async Task What_has_passed_is_dropped_a_few_rows_at_a_time(string engine)
    {
        var scene = await SceneAsync(engine);
        for (var minute = 1; minute <= 100; minute++)
            Add(scene, 0, Events.Of($"edge-{minute % 3}", Noon.AddMinutes(-minute)), Noon);

        Assert.Equal(30, scene.Store.Prune(EventBatch.Minute, Noon.AddMinutes(-50), 30));
        Assert.Equal(20, scene.Store.Prune(EventBatch.Minute, Noon.AddMinutes(-50), 30));
        Assert.Equal(50, Read(scene, new([], "-3h", "now", "1m")).Length);
        Assert.Equal(100, Read(scene, new([], "-3h", "now", "1h")).Sum(item => item.Frames));
    }

    [Theory, InlineData("sqlite"), InlineData("postgresql")]
    public async Task A_batch_counts_with_its_positions_or_not_at_all(string engine)
    {
        var scene = await SceneAsync(engine);
        Add(scene, 0, Events.Of("a", Noon), Noon);
        var stored = new Position("log", 1, 0);
        Assert.Equal(stored, scene.Store.Positions(DetectionTopic.Name)[0]);

        // Of another server that had read the same positions.
        var late = scene.Store.CreateBatch();
        Change(late, partition: 7, before: null, "b");
        Change(late, partition: 0, before: null, "a");
        Assert.Equal(0, Assert.Throws<PositionException>(() => scene.Store.Write(late, DetectionTopic.Name)).Partition);
        late.Clear();
        Change(late, partition: 0, before: stored with { Next = 5 }, "a");
        Assert.Throws<PositionException>(() => scene.Store.Write(late, DetectionTopic.Name));
        late.Clear();
        Change(late, partition: 0, before: stored with { Log = "another" }, "a");
        Assert.Throws<PositionException>(() => scene.Store.Write(late, DetectionTopic.Name));

        Assert.Equal((1, 1), (scene.Registry.Totals().Events, scene.Registry.Totals().Devices));
        Assert.Equal([0], scene.Store.Positions(DetectionTopic.Name).Keys);
        late.Clear();
        Change(late, partition: 0, before: stored, "a");
        scene.Store.Write(late, DetectionTopic.Name);
        Assert.Equal(2, scene.Registry.Totals().Events);

        static void Change(EventBatch batch, int partition, Position? before, string device)
        {
            var one = Events.Of(device, Noon);
            batch.Add(
                batch.Handled(partition, before, new Position("log", 9, 0)),
                new CountedEvent(Events.Summary(one), DetectionEventJson.Write(one), partition, 8, Noon, Noon), Noon);
        }
    }

    [Theory, InlineData("sqlite"), InlineData("postgresql")]
    public async Task Of_a_device_the_newest_events_are_kept_however_many_are_written_at_once(string engine)
    {
        var scene = await SceneAsync(engine, options => options.EventsPerDevice = 100);
        var sequence = 0;
        foreach (var batch in new[] { 1, 250, 1, 1, 63, 3, 40 })
        {
            for (var i = 0; i < batch; i++)
            {
                var one = Events.Of("a", Noon.AddSeconds(++sequence - 1000)) with { Frame = new(sequence, 640, 480) };
                scene.Add(0, Events.Summary(one), DetectionEventJson.Write(one), Noon);
            }

            scene.Write();
            Add(scene, 1, Events.Of("b", Noon.AddSeconds(sequence - 1000)), Noon);
            Assert.Equal(
                Enumerable.Range(0, Math.Min(sequence, 100)).Select(i => (long)(sequence - i)),
                scene.Registry.Recent("a", 1000).Select(json => Events.Read(json).Frame!.Sequence));
        }

        var all = scene.Registry.Recent(null, 20).Select(Events.TimeOf).ToArray();
        Assert.Equal(20, all.Length);
        Assert.Equal(all.OrderDescending(), all);
        Assert.Equal(sequence, scene.Registry.Summaries()[0].Events);
        Assert.Equal(100 + 7, scene.Registry.Recent(null, 1000).Count);
    }

    [Theory, InlineData("sqlite"), InlineData("postgresql")]
    public async Task A_later_versions_store_is_refused_and_the_tables_are_made_once_whoever_comes_first(string engine)
    {
        var scene = await SceneAsync(engine);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Migrate(scene.Engine))));
        scene.Execute("INSERT INTO schema_version (version) VALUES (99)");

        var refused = Assert.Throws<StoreException>(() => Migrate(scene.Engine));
        Assert.StartsWith("The history has schema version 99, this version of EdgeCloud knows 2.", refused.Message);

        static void Migrate(SqlEngine engine)
        {
            using var connection = engine.Source.OpenConnection();
            engine.PrepareToWrite(connection);
            Schema.Migrate(connection, engine);
        }
    }

    [Fact]
    public void A_file_serves_one_server_and_the_second_is_told_so()
    {
        var history = $"Data Source={_folder.File("history.db")}";
        using var first = new StoreScene(_time, connection: history);
        first.Store.Open();
        using var second = new StoreScene(_time, connection: history);
        var refused = Assert.Throws<StoreException>(() => second.Store.Open());
        Assert.Contains("is in use by another server", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void A_damaged_file_is_set_aside_and_another_made()
    {
        File.WriteAllBytes(_folder.File("history.db"), [.. Enumerable.Range(0, 9000).Select(i => (byte)(i * 7))]);
        using var scene = new StoreScene(_time, connection: $"Data Source={_folder.File("history.db")}");
        Assert.Equal(0, scene.Registry.Totals().Events);
        Assert.Single(Directory.GetFiles(_folder.Path, "history.db.damaged-*"));
    }

    [Theory]
    [InlineData("Server=;Data Source")]
    [InlineData("Filename")]
    [InlineData("Database=edgecloud")]
    [InlineData("Data Source=:memory:")]
    [InlineData("Host=127.0.0.1;Port=many")]
    [InlineData("Data Source=x;Nonsense=1")]
    public void What_is_no_connection_string_of_either_engine_is_refused(string connection)
    {
        var refused = Assert.Throws<StoreException>(() => SqlEngine.Of(connection));
        Assert.Contains("ConnectionStrings:history is neither", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=db;Database=edgecloud", "postgresql")]
    [InlineData("Data Source=/tmp/x.db", "sqlite")]
    [InlineData("", "sqlite")]
    [InlineData(null, "sqlite")]
    public void The_connection_string_says_which_engine_it_is(string? connection, string engine)
    {
        using var chosen = SqlEngine.Of(connection);
        Assert.Equal((engine, engine == "postgresql"), (chosen.Name, chosen.IsShared));
    }

    private static void Add(StoreScene scene, int partition, DetectionEvent one, DateTimeOffset arrived)
    {
        scene.Add(partition, Events.Summary(one), DetectionEventJson.Write(one), arrived);
        scene.Write();
    }

    private HistoryItem[] Read(StoreScene scene, HistoryParameters parameters)
    {
        Assert.True(
            HistoryQuery.TryParse(parameters, _time.GetUtcNow(), TimeSpan.FromDays(30), out var query, out var problem),
            problem);
        return [.. new History(scene.Store).Read(query).Select(bucket => bucket.ToItem())];
    }

    private async Task<StoreScene> SceneAsync(
        string engine, Action<DeviceOptions>? configure = null, HistoryOptions? history = null) =>
        _scene = new StoreScene(
            _time, configure, history, engine == "sqlite" ? null : await postgres.CreateDatabaseAsync());
}
