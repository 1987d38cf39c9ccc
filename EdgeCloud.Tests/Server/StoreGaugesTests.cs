using System.Data.Common;
using EdgeCloud.Contract;
using EdgeCloud.Server.Store;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Tests.Server;

/// <summary>The same on both engines.</summary>
public sealed class StoreGaugesTests(PostgresServer postgres) : IClassFixture<PostgresServer>, IDisposable
{
    private const string TakeAway = "ALTER TABLE counts RENAME TO elsewhere";
    private const string BringBack = "ALTER TABLE elsewhere RENAME TO counts";

    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Noon);
    private readonly Measurements _measured = new();
    private readonly IOptions<HistoryOptions> _options =
        Options.Create(new HistoryOptions { MinutesFor = TimeSpan.FromHours(1) });

    private StoreScene? _scene;

    public void Dispose()
    {
        _scene?.Dispose();
        _measured.Dispose();
    }

    [Theory, InlineData("sqlite"), InlineData("postgresql")]
    public async Task Rows_are_told_by_table_as_far_as_the_engine_knows_them(string engine)
    {
        var (scene, gauges) = await SceneAsync(engine);
        Assert.Empty(Observe("edgecloud.store.rows"));
        gauges.Measure();
        Assert.Equal(engine == "sqlite" ? 8 : 0, Observe("edgecloud.store.rows").Count);

        for (var minute = 0; minute < 50; minute++)
            Add(scene, $"edge-{minute % 2}", Noon.AddMinutes(-minute));
        scene.Execute("ANALYZE");
        gauges.Measure();

        // The last minute begins an hour and five minutes with one device, those before have both.
        Assert.Equal(
            [
                ($"db.collection.name=counts db.system.name={engine}", 50 + 21 + 3),
                ($"db.collection.name=devices db.system.name={engine}", 2),
                ($"db.collection.name=line_counts db.system.name={engine}", 0),
                ($"db.collection.name=packets db.system.name={engine}", 50),
                ($"db.collection.name=positions db.system.name={engine}", 1),
                ($"db.collection.name=visit_zones db.system.name={engine}", 0),
                ($"db.collection.name=visits db.system.name={engine}", 0),
                ($"db.collection.name=zone_counts db.system.name={engine}", 0),
            ],
            Observe("edgecloud.store.rows").Order());
    }

    [Theory, InlineData("sqlite"), InlineData("postgresql")]
    public async Task The_size_is_that_of_the_whole_database_in_bytes(string engine)
    {
        var (scene, gauges) = await SceneAsync(engine);
        Assert.Empty(Observe("edgecloud.store.size"));
        gauges.Measure();
        var (tags, empty) = Observe("edgecloud.store.size").Single();
        Assert.Equal($"db.system.name={engine}", tags);

        // Of 100,000 numbers: 10 bytes each in SQLite, 36 in PostgreSQL.
        scene.Execute(
            """
            CREATE TABLE numbers AS WITH RECURSIVE numbers(n) AS (
                SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 100000) SELECT n FROM numbers
            """);
        gauges.Measure();
        Assert.InRange(Observe("edgecloud.store.size").Single().Value - empty, 900_000, 4_500_000);
    }

    [Theory, InlineData("sqlite"), InlineData("postgresql")]
    public async Task Counts_past_their_time_are_told_until_they_are_dropped(string engine)
    {
        var (scene, gauges) = await SceneAsync(engine);
        gauges.Measure();
        Assert.Equal([("", 0)], Observe("edgecloud.store.overdue"));

        Add(scene, "edge-1", Noon.AddMinutes(-30));
        gauges.Measure();
        Assert.Equal([("", 0)], Observe("edgecloud.store.overdue"));

        // Kept until 12:31, those of five minutes until 12:35.
        _time.Advance(TimeSpan.FromMinutes(41));
        Assert.Equal([("", 600)], Observe("edgecloud.store.overdue"));
        Assert.Equal(1, scene.Store.Prune(EventBatch.Minute, Noon.AddMinutes(-20), 500));
        gauges.Measure();
        Assert.Equal([("", 360)], Observe("edgecloud.store.overdue"));
        using var retention = new Retention(scene.Store, gauges, _options, _time);
        await retention.PruneAsync(CancellationToken.None);
        gauges.Measure();
        Assert.Equal([("", 0)], Observe("edgecloud.store.overdue"));

        _time.Advance(_options.Value.HoursFor);
        Assert.Equal([("", 41 * 60)], Observe("edgecloud.store.overdue"));
    }

    [Theory, InlineData("sqlite"), InlineData("postgresql")]
    public async Task What_cannot_be_reached_is_down_until_it_answers_and_that_is_logged_once(string engine)
    {
        var (scene, _) = await SceneAsync(engine);
        Add(scene, "edge-1", Noon);
        Assert.Equal([($"db.system.name={engine}", 1)], Observe("edgecloud.store.up"));

        scene.Execute(TakeAway);
        for (var i = 0; i < 3; i++)
            Assert.ThrowsAny<DbException>(() => scene.Store.Prune(EventBatch.Minute, Noon, 1));
        Assert.Equal([($"db.system.name={engine}", 0)], Observe("edgecloud.store.up"));
        Assert.True(scene.Store.IsAway);

        scene.Store.Positions(DetectionTopic.Name);
        Assert.Equal([($"db.system.name={engine}", 1)], Observe("edgecloud.store.up"));
        Assert.Equal(["is away", "is back"], Logged(scene));
    }

    /// <summary>As on a disk that is full.</summary>
    [Theory, InlineData("sqlite"), InlineData("postgresql")]
    public async Task One_that_takes_no_batch_is_down_although_it_can_be_read_until_it_does(string engine)
    {
        var (scene, _) = await SceneAsync(engine);
        var store = scene.Store;
        store.Open();
        scene.Execute(TakeAway);
        Assert.ThrowsAny<DbException>(() => Add(scene, "edge-1", Noon));
        store.Positions(DetectionTopic.Name);
        store.ForgetSilent(0);
        Assert.Equal([($"db.system.name={engine}", 0)], Observe("edgecloud.store.up"));

        scene.Execute(BringBack);
        scene.Write();
        Assert.Equal([($"db.system.name={engine}", 1)], Observe("edgecloud.store.up"));
        Assert.Equal(["is away", "is back"], Logged(scene));
    }

    private static IEnumerable<string> Logged(StoreScene scene) => scene.Log.GetSnapshot().Select(
        record => record.Message.Contains("is away", StringComparison.Ordinal) ? "is away" : record.Message[^7..]);

    private static void Add(StoreScene scene, string device, DateTimeOffset time)
    {
        var one = Events.Of(device, time);
        scene.Add(0, Events.Summary(one), DetectionEventJson.Write(one), time);
        scene.Write();
    }

    private IReadOnlyList<(string Tags, double Value)> Observe(string instrument)
    {
        _measured.Clear();
        _measured.Observe();
        return [.. _measured.Of(instrument).Select(measured => (measured.Tags, measured.Value))];
    }

    private async Task<(StoreScene Scene, StoreGauges Gauges)> SceneAsync(string engine)
    {
        _scene = new StoreScene(
            _time, history: _options.Value,
            connection: engine == "sqlite" ? null : await postgres.CreateDatabaseAsync());
        return (_scene, new StoreGauges(_measured.Meters, _scene.Store, _options, _time));
    }
}
