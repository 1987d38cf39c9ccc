using EdgeCloud.Sql;

namespace EdgeCloud.Tests.Server;

/// <summary><c>./edgecloud history copy</c>, and a server on what it has copied.</summary>
public sealed class HistoryCopyTests(PostgresServer postgres) : IClassFixture<PostgresServer>, IDisposable
{
    private const int Devices = 8;
    private const string Password = "s3cret";

    private readonly TemporaryFolder _folder = new();
    private readonly DateTimeOffset _anHourAgo = DateTimeOffset.UtcNow.AddHours(-1);
    private int _published;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_server_goes_on_in_PostgreSQL_where_the_one_in_SQLite_stopped_and_back_again()
    {
        await using var scene = new ServerScene();
        await PublishAsync(scene);
        var server = await scene.StartServerAsync();
        await SeesAllAsync(server);
        var before = await AnswersAsync(server);
        await scene.StopServerAsync();

        var database = await postgres.CreateDatabaseAsync();
        var copied = await CopyAsync("--from", scene.History, "--to", database);
        Assert.True(copied.ExitCode == 0, copied.Text);
        Assert.Matches($@"\ndevices +{Devices} +{Devices} *\n", copied.Output);
        Assert.Contains("Now set ConnectionStrings:history", copied.Output, StringComparison.Ordinal);
        Assert.Equal("", copied.Error);

        server = await StartServerAsync(scene, database);
        await SeesAllAsync(server);
        Assert.Equal(before, await AnswersAsync(server));
        await PublishAsync(scene);
        await SeesAllAsync(server);
        await scene.StopServerAsync();

        // What comes while none runs is counted by whoever is next.
        await PublishAsync(scene);
        var file = File("back.db");
        Assert.Equal(0, (await CopyAsync("--from", database, "--to", file)).ExitCode);
        await SeesAllAsync(await StartServerAsync(scene, file));
    }

    [Fact]
    public async Task A_source_that_is_not_there_is_not_made()
    {
        await RefusesAsync("does not exist", $"Data Source={_folder.File("away.db")}");
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task What_is_no_history_is_left_as_it_is()
    {
        var other = File("outbox.db");
        Execute(other, "CREATE TABLE events (id INTEGER PRIMARY KEY)");
        var before = System.IO.File.ReadAllBytes(_folder.File("outbox.db"));
        await RefusesAsync("it has no history", other);
        Assert.Equal(before, System.IO.File.ReadAllBytes(_folder.File("outbox.db")));

        System.IO.File.WriteAllText(_folder.File("notes.txt"), new string('x', 5000));
        await RefusesAsync("file is not a database", File("notes.txt"));
    }

    [Fact]
    public async Task A_source_that_a_server_has_is_refused()
    {
        using var scene = Filled("used.db");
        await RefusesAsync("is in use by another server: stop that first", File("used.db"));
    }

    [Fact]
    public async Task A_source_of_a_later_version_is_refused()
    {
        Filled("later.db").Dispose();
        Execute(File("later.db"), "INSERT INTO schema_version (version) VALUES (99)");
        await RefusesAsync("has schema version 99", File("later.db"));
    }

    [Fact]
    public async Task A_target_with_a_history_is_refused()
    {
        Filled("one.db").Dispose();
        Filled("two.db").Dispose();
        await RefusesAsync("it has a history", File("one.db"), File("two.db"));
        var database = await postgres.CreateDatabaseAsync();
        Assert.Equal(0, (await CopyAsync("--from", File("one.db"), "--to", database)).ExitCode);
        await RefusesAsync("it has a history", File("two.db"), database);
        await RefusesAsync("are the same", database, database);
        await RefusesAsync("are the same", File("one.db"), $"Filename={_folder.Path}/./one.db;Pooling=false");
    }

    [Theory]
    [InlineData($"Host=127.0.0.1;Port=1;Username=a;Password={Password}", "The target cannot be used: Failed")]
    [InlineData($"Host=no-such-host.invalid;Username=a;Password={Password}", "The target cannot be used: ")]
    [InlineData($"Host=db;Password=a;{Password}=b", "--to is neither")]
    [InlineData($"Host=db;Password='{Password}", "--to is neither")]
    [InlineData($"Database=b;Password={Password}", "--to is neither")]
    [InlineData("", "--to is neither")]
    public async Task A_target_that_is_away_or_none_is_said_in_one_line_without_its_password(
        string target, string reason)
    {
        Filled("history.db").Dispose();
        await RefusesAsync(reason, File("history.db"), target);
    }

    [Theory]
    [InlineData("copy", "--too", $"Host=db;Password={Password}")]
    [InlineData("copy", "--to", "Host=db;", $"Password={Password}")]
    [InlineData("--to", $"Host=db;Password={Password}")]
    public async Task What_is_not_understood_is_not_printed(params string[] arguments)
    {
        var refused = await RunAsync(arguments);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("Say history copy --to", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, refused.Text, StringComparison.Ordinal);
    }

    private static Task<Finished> RunAsync(params IEnumerable<string> arguments) =>
        ChildProcess.RunAsync(ChildProcess.Dotnet("edgecloud", ["history", .. arguments]));

    private static Task<Finished> CopyAsync(params IEnumerable<string> arguments) => RunAsync(["copy", .. arguments]);

    private static void Execute(string store, string sql)
    {
        using var engine = SqlEngine.Of(store);
        using var connection = engine.Source.OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private string File(string name) => $"Data Source={_folder.File(name)}";

    /// <summary>A store that has counted an event, and is open.</summary>
    private StoreScene Filled(string name)
    {
        var scene = new StoreScene(TimeProvider.System, connection: File(name));
        var one = Events.Of("edge-1", _anHourAgo);
        scene.Add(0, Events.Summary(one), [.. "{}"u8], _anHourAgo);
        scene.Write();
        return scene;
    }

    private async Task RefusesAsync(string reason, string from, string? to = null)
    {
        var refused = await CopyAsync("--from", from, "--to", to ?? File("target.db"));
        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.StartsWith("Nothing was copied. ", refused.Error, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Error, StringComparison.Ordinal);
        Assert.Single(refused.Error.Trim().Split('\n'));
        Assert.DoesNotContain(Password, refused.Error, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(_folder.File("target.db")));
    }

    private static Task<HttpClient> StartServerAsync(ServerScene scene, string history) =>
        scene.StartServerAsync(new Dictionary<string, string?> { ["ConnectionStrings:history"] = history });

    private async Task PublishAsync(ServerScene scene)
    {
        for (var i = 0; i < 5 * Devices; i++, _published++)
        {
            // Each twice, as an edge does that was killed before it knew.
            var one = Events.Of($"edge-{i % Devices}", _anHourAgo.AddSeconds(_published), persons: 2);
            await scene.PublishAsync(one with { EnergyJoules = 0.1 });
            await scene.PublishAsync(one);
        }

        await scene.PublishAsync("not an event"u8.ToArray());
    }

    private async Task SeesAllAsync(HttpClient server)
    {
        await server.SeesAsync("events", _published);
        await server.SeesAsync("duplicates", _published);
        await server.SeesAsync("persons", 2 * _published);
        await server.SeesAsync("dead_letters", _published / (5 * Devices));
    }

    private async Task<string[]> AnswersAsync(HttpClient server)
    {
        var (from, to) = (_anHourAgo.AddMinutes(-1), _anHourAgo.AddMinutes(30));
        string[] asked =
        [
            $"/history?from={from:yyyy-MM-ddTHH:mm:ssZ}&to={to:yyyy-MM-ddTHH:mm:ssZ}&bucket=1m&by=device",
            "/devices", "/data?limit=1000",
            .. Enumerable.Range(0, Devices).Select(device => $"/data?limit=1000&device_id=edge-{device}"),
        ];
        var answers = await Task.WhenAll(asked.Select(server.GetStringAsync));
        Assert.All(answers, answer => Assert.Contains("edge-", answer, StringComparison.Ordinal));
        return answers;
    }
}
