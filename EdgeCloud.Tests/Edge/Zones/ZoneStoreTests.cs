using EdgeCloud.Edge.Zones;
using EdgeCloud.ServiceDefaults;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Tests.Edge.Zones;

/// <summary>The file with the zones: written by the edge, or by somebody else.</summary>
public sealed class ZoneStoreTests : IDisposable
{
    private static readonly Zone Desk = new() { Name = "Büro 1", Points = [new(0, 0), new(0.5, 0), new(0.5, 1)] };

    private static readonly Line Door = new() { Name = "door", From = new(0.5, 0), To = new(0.5, 1), Hysteresis = 0.3 };

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FakeLogCollector _log = new();

    private string Path => _folder.File("zones.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_drawn_is_there_after_a_restart_and_its_version_is_of_what_it_is()
    {
        var drawn = new DeviceZones { Zones = [Desk with { Capacity = 4 }], Lines = [Door] };
        var (before, changed) = (ZoneMap.None.Version, "");
        using (var store = await StartAsync())
            changed = store.Change("edge-1", drawn with { Version = before }).Zones!.Version;

        using var next = await StartAsync();
        var kept = next.Map.Of("edge-1");
        Assert.Equal(drawn.Zones.Single().Points, kept.Zones.Single().Points);
        Assert.Equal(("Büro 1", 4), (kept.Zones.Single().Name, kept.Zones.Single().Capacity));
        Assert.Equal(Door, kept.Lines.Single());
        Assert.Equal(changed, kept.Version);
        Assert.NotEqual(before, changed);
        Assert.Equal(before, next.Map.Of("other").Version);
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task A_change_by_who_has_not_read_the_last_one_is_refused()
    {
        using var store = await StartAsync();
        var read = store.Map.Of("edge-1").Version;
        Assert.NotNull(store.Change("edge-1", new DeviceZones { Zones = [Desk], Version = read }).Zones);

        var late = store.Change("edge-1", new DeviceZones { Lines = [Door], Version = read });

        Assert.Equal((ZoneProblem.Outdated, null), (late.Problem, late.Zones));
        Assert.Equal("Büro 1", store.Map.Of("edge-1").Zones.Single().Name);
        Assert.NotNull(store.Change("edge-2", new DeviceZones { Lines = [Door], Version = read }).Zones);
    }

    [Fact]
    public async Task A_file_that_somebody_else_changes_is_followed_and_one_that_is_wrong_is_not()
    {
        await WriteLineAsync("a", 1);
        using var store = await StartAsync();
        Assert.Equal("a", store.Map.Of("edge-1").Lines.Single().Name);

        await WriteLineAsync("b", 1);
        await LooksAgainAsync(() => store.Map.Of("edge-1").Lines is [{ Name: "b" }]);

        await WriteLineAsync("b", 0);
        await LooksAgainAsync(() => _log.GetSnapshot().Any(record => record.Level == LogLevel.Error
            && record.Message.Contains("devices.edge-1: lines[0] has no length", StringComparison.Ordinal)));
        Assert.Equal("b", store.Map.Of("edge-1").Lines.Single().Name);

        File.Delete(Path);
        await LooksAgainAsync(() => store.Map.Of("edge-1").Lines is []);
    }

    [Fact]
    public async Task A_change_is_made_to_what_the_file_has_now()
    {
        using var store = await StartAsync();
        await WriteLineAsync("a", 1);

        var late = store.Change("edge-1", new DeviceZones { Zones = [Desk], Version = ZoneMap.None.Version });
        Assert.Equal(ZoneProblem.Outdated, late.Problem);
        var other = store.Change("edge-2", new DeviceZones { Zones = [Desk], Version = ZoneMap.None.Version });
        Assert.NotNull(other.Zones);
        Assert.Contains("\"a\"", await File.ReadAllTextAsync(Path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Zones_that_others_keep_are_used_while_they_are_there_and_not_changed()
    {
        var given = _folder.File("given.json");
        using var store = await StartAsync(given);
        Assert.NotNull(store.Change("edge-1", store.Map.Of("edge-1") with { Zones = [Desk] }).Zones);

        File.Copy(Path, given);
        await WriteLineAsync("mine", 1);
        await LooksAgainAsync(() => store.Map.Of("edge-1").Zones is [_]);
        var change = store.Change("edge-1", store.Map.Of("edge-1") with { Lines = [Door] });
        Assert.Equal(ZoneProblem.NotKept, change.Problem);
        Assert.Contains("ConfigMap", change.Detail, StringComparison.Ordinal);

        File.Delete(given);
        await LooksAgainAsync(() => store.Map.Of("edge-1").Lines is [{ Name: "mine" }]);
    }

    [Fact]
    public async Task Zones_in_a_folder_that_the_edge_cannot_write_to_are_used_and_not_changed()
    {
        // A folder in place of the file beside it that a change is written to: not even root can write that.
        await WriteLineAsync("a", 1);
        using var store = await StartAsync();
        Directory.CreateDirectory($"{Path}.{Environment.ProcessId}.tmp");
        var read = store.Map.Of("edge-1");

        var change = store.Change("edge-1", read with { Zones = [Desk] });

        Assert.Equal(ZoneProblem.NotKept, change.Problem);
        Assert.Contains("cannot write", change.Detail, StringComparison.Ordinal);
        Assert.Empty(store.Map.Of("edge-1").Zones);
    }

    [Theory]
    [InlineData("{", "Expected depth")]
    [InlineData("null", "It is null.")]
    [InlineData("""{"devices":{"a b":{}}}""", "'a b', which breaks the rule")]
    [InlineData("""{"devices":{"edge-1":null}}""", "edge-1")]
    [InlineData("""{"devices":{"edge-1":{"zones":[{"name":"a","points":[[0,0],[1,1]]}]}}}""", "2 corners")]
    [InlineData("""{"devices":{"edge-1":{"zone":[]}}}""", "zone")]
    public async Task A_file_that_is_none_ends_the_start_and_says_why(string content, string expected)
    {
        await File.WriteAllTextAsync(Path, content);
        var problem = await Assert.ThrowsAsync<StartException>(StartAsync);
        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
        Assert.Contains("Edge:Zones:Path", problem.Message, StringComparison.Ordinal);
    }

    private Task WriteLineAsync(string name, int end)
    {
        var line = $$"""{"name":"{{name}}","from":[0,0],"to":[{{end}},{{end}}]}""";
        return File.WriteAllTextAsync(Path, $$$"""{"devices":{"edge-1":{"lines":[{{{line}}}] } } }""");
    }

    private Task<ZoneStore> StartAsync() => StartAsync("");

    private async Task<ZoneStore> StartAsync(string given)
    {
        var store = new ZoneStore(
            Options.Create(new ZoneOptions { Path = Path, File = given }), _time,
            new LoggerFactory([new FakeLoggerProvider(_log)]).CreateLogger<ZoneStore>());
        await store.StartAsync(CancellationToken.None);
        return store;
    }

    private Task LooksAgainAsync(Func<bool> holds) => Eventually.HoldsAsync(
        () =>
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            return holds();
        },
        "the file is followed");
}
