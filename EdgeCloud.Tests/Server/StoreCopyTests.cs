using System.Data.Common;
using System.Globalization;
using EdgeCloud.Contract;
using EdgeCloud.Server.Store;
using EdgeCloud.Sql;

namespace EdgeCloud.Tests.Server;

/// <summary>A store in another, of either engine.</summary>
public sealed class StoreCopyTests(PostgresServer postgres) : IClassFixture<PostgresServer>, IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Noon);
    private readonly TemporaryFolder _folder = new();
    private int _files;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_table_is_one_that_is_copied()
    {
        using var engine = SqlEngine.Of(await NewAsync("sqlite"));
        using var connection = engine.Source.OpenConnection();
        Schema.Migrate(connection, engine);
        Assert.Equal(
            [.. Schema.Tables.Append("schema_version").Order()],
            Rows(connection, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"));
    }

    [Theory]
    [InlineData("sqlite", "postgresql")]
    [InlineData("postgresql", "sqlite")]
    [InlineData("sqlite", "sqlite")]
    [InlineData("postgresql", "postgresql")]
    public async Task Every_value_of_every_row_is_copied(string from, string to)
    {
        var (source, target) = (await NewAsync(from), await NewAsync(to));
        Fill(source);

        var copied = Copy(source, target);

        Assert.Equal(Schema.Tables, copied.Select(each => each.Table));
        using var sourceEngine = SqlEngine.Of(source);
        using var targetEngine = SqlEngine.Of(target);
        using var read = sourceEngine.Source.OpenConnection();
        using var written = targetEngine.Source.OpenConnection();
        foreach (var (table, sourceRows, targetRows) in copied)
        {
            var rows = Rows(read, $"SELECT * FROM {table}");
            Assert.Equal((rows.Count, rows.Count), (sourceRows, targetRows));
            Assert.NotEmpty(rows);
            Assert.Equal(rows.Order(), Rows(written, $"SELECT * FROM {table}").Order());
        }
    }

    [Fact]
    public async Task A_shared_source_is_copied_as_it_is_at_one_moment()
    {
        var (source, target) = (await NewAsync("postgresql"), await NewAsync("sqlite"));
        using var scene = Fill(source, keep: true)!;

        Copy(source, target, (table, copied, _) =>
        {
            if (table == "positions" && copied == 0)
                Count(scene, "edge-new", partition: 1);
        });

        using var there = new StoreScene(_time, connection: target);
        Assert.DoesNotContain("edge-new", there.Registry.Summaries().Select(device => device.DeviceId));
        Assert.Contains("edge-new", scene.Registry.Summaries().Select(device => device.DeviceId));
    }

    [Theory, InlineData("sqlite"), InlineData("postgresql")]
    public async Task What_is_cancelled_leaves_nothing(string to)
    {
        var (source, target) = (await NewAsync("sqlite"), await NewAsync(to));
        Fill(source);
        using var cancelled = new CancellationTokenSource();

        Assert.Throws<OperationCanceledException>(() => Copy(
            source, target, (table, _, _) =>
            {
                if (table == "counts")
                    cancelled.Cancel();
            },
            cancelled.Token));

        using var engine = SqlEngine.Of(target);
        using (var connection = engine.Source.OpenConnection())
        {
            Assert.ThrowsAny<DbException>(() => Rows(connection, "SELECT * FROM positions"));
        }

        Copy(source, target);
    }

    /// <summary>That is open on the empty target when the copy begins, and has read no position there.</summary>
    [Fact]
    public async Task A_server_that_was_first_on_the_target_finds_the_positions_taken_and_counts_nothing()
    {
        var (source, target) = (await NewAsync("sqlite"), await NewAsync("postgresql"));
        Fill(source);
        using var scene = new StoreScene(_time, connection: target);
        Assert.Empty(scene.Store.Positions(DetectionTopic.Name));
        var counting = Task.CompletedTask;

        Copy(source, target, (table, copied, _) =>
        {
            if (table != "devices" || copied != 0)
                return;
            counting = Task.Run(() => Count(scene, "edge-new", partition: 0));
            AwaitLock(target, "transactionid");
        });

        await Assert.ThrowsAsync<PositionException>(() => counting);
        using var there = new StoreScene(_time, connection: target);
        using var before = new StoreScene(_time, connection: source);
        Assert.Equal(before.Registry.Totals(), there.Registry.Totals());
    }

    [Fact]
    public async Task A_server_that_counts_on_the_target_before_its_positions_are_copied_ends_the_copy()
    {
        var (source, target) = (await NewAsync("sqlite"), await NewAsync("postgresql"));
        Fill(source);
        using var scene = new StoreScene(_time, connection: target);
        scene.Store.Open();

        var refused = Assert.Throws<StoreException>(() => Copy(source, target, (table, copied, _) =>
        {
            if (table == "positions" && copied == 0)
                Count(scene, "edge-new", partition: 0);
        }));

        Assert.Equal("The copy failed: a server writes to the target. Stop it first.", refused.Message);
        Assert.Equal("edge-new", Assert.Single(scene.Registry.Summaries()).DeviceId);
    }

    /// <summary>It waits for the lock that the copy has, and reads the positions after it.</summary>
    [Fact]
    public async Task A_server_that_starts_on_the_target_meanwhile_goes_on_where_the_other_stopped()
    {
        await using var scene = new ServerScene();
        for (var i = 0; i < 50; i++)
            await scene.PublishAsync(Events.Of($"edge-{i % 7}", Noon.AddSeconds(i)));
        await (await scene.StartServerAsync()).SeesAsync("events", 50);
        await scene.StopServerAsync();
        var target = await NewAsync("postgresql");
        HttpClient? server = null;

        Copy(scene.History, target, (table, copied, _) =>
        {
            if (table != "counts" || copied != 0)
                return;
            var launching = Task.Run(() => server = scene.LaunchServer(
                new Dictionary<string, string?> { ["ConnectionStrings:history"] = target }));
            AwaitLock(target, "advisory");
            Assert.False(launching.IsCompleted);
        });

        await Eventually.HoldsAsync(() => server is not null, "the server has started");
        await scene.PublishAsync(Events.Of("edge-1", Noon.AddMinutes(1)));
        await server!.SeesAsync("events", 51);
        await server!.SeesAsync("duplicates", 0);
    }

    private static IReadOnlyList<CopiedTable> Copy(
        string source, string target, Action<string, long, long>? report = null,
        CancellationToken cancellationToken = default)
    {
        using var from = SqlEngine.Of(source);
        using var to = SqlEngine.Of(target);
        return StoreCopy.Run(from, to, report ?? ((_, _, _) => { }), cancellationToken);
    }

    /// <summary>Returns when somebody waits for such a lock.</summary>
    private static void AwaitLock(string database, string type)
    {
        using var engine = SqlEngine.Of(database);
        using var connection = engine.Source.OpenConnection();
        Assert.True(SpinWait.SpinUntil(
            () => Rows(connection, $"SELECT pid FROM pg_locks WHERE NOT granted AND locktype = '{type}'").Count > 0,
            Eventually.FarTooLong));
    }

    /// <summary>More rows of each table than go into one command, with and without what may be missing.</summary>
    private StoreScene? Fill(string store, bool keep = false)
    {
        var scene = new StoreScene(_time, connection: store);
        var visits = new VisitBatch();
        for (var i = 0; i < 150; i++)
        {
            var one = Events.Of($"edge-{i % 75}", Noon.AddMinutes(-i), persons: i % 3) with
            {
                EnergyJoules = i / 7.0,
                OutboxEvents = i % 2 == 0 ? null : i,
                Frame = i % 5 == 0 ? null : new FrameInfo(i, 640, 480),
                Zones = new ZoneFindings
                {
                    Occupancy = [new ZoneOccupancy("desk", i % 3)],
                    Crossings = [new LineCrossing("door", (CrossingDirection)(i % 2), i + 1)],
                },
            };
            scene.Add(i % 6, Events.Summary(one), DetectionEventJson.Write(one), Noon, grams: i / 3.0);
            visits.Add(0, new Position("log", i + 1, i), Presences.Of(
                $"edge-{i % 75}", Noon.AddMinutes(-i), seconds: i / 3.0, ended: i % 2 == 0 ? null : PresenceEnd.Left));
            if (i % 2 == 1)
                scene.Write();
        }

        scene.Store.Write(visits, PresenceTopic.Name, new Dictionary<int, Position>());

        scene.AddDeadLetter(3);
        scene.Write();
        if (keep)
            return scene;
        scene.Dispose();
        return null;
    }

    private static void Count(StoreScene scene, string device, int partition)
    {
        var one = Events.Of(device, Noon);
        scene.Add(partition, Events.Summary(one), DetectionEventJson.Write(one), Noon);
        scene.Write();
    }

    private static List<string> Rows(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read())
            rows.Add(string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(i => Text(reader.GetValue(i)))));
        return rows;
    }

    private static string Text(object value) => value switch
    {
        byte[] bytes => Convert.ToHexString(bytes),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private async Task<string> NewAsync(string engine) => engine == "sqlite"
        ? $"Data Source={_folder.File($"history-{_files++}.db")}"
        : await postgres.CreateDatabaseAsync();
}
