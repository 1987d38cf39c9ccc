using EdgeCloud.Carbon;

namespace EdgeCloud.Tests.Carbon;

public sealed class EmissionsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 4, 12, 2, 0, TimeSpan.Zero));

    private string File => _folder.File("emissions.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_newest_figure_of_the_place_that_has_begun_is_in_force()
    {
        Write(
            """
            {"Date":"2026-03-04","Emissions":[
              {"Location":"DE","Time":"2026-03-04T11:00:00+00:00","Rating":301,"Duration":"01:00:00"},
              {"Location":"de","Time":"2026-03-04T13:00:00+01:00","Rating":381.5,"Duration":"01:00:00"},
              {"Location":"FR","Time":"2026-03-04T12:01:00+00:00","Rating":56,"Duration":"01:00:00"},
              {"Location":"DE","Time":"2026-03-04T13:00:00+00:00","Rating":250,"Duration":"01:00:00"}]}
            """);
        Assert.Equal(
            new CarbonIntensity(381.5, "de", "file", new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero)),
            await Provider().ReadAsync(default));
    }

    [Fact]
    public async Task A_changed_file_is_read_again()
    {
        var provider = Provider();
        Write("""{"Emissions":[{"Location":"DE","Time":"2026-03-04T12:00:00Z","Rating":300}]}""", written: 1);
        Assert.Equal(300, (await provider.ReadAsync(default)).GramsPerKwh);
        Write("""{"Emissions":[{"Location":"DE","Time":"2026-03-04T12:00:00Z","Rating":500}]}""", written: 2);
        Assert.Equal(500, (await provider.ReadAsync(default)).GramsPerKwh);
    }

    [Fact]
    public async Task One_file_holds_a_day_and_the_clock_picks()
    {
        Write("""{"Emissions":[{"Location":"DE","Time":"2026-03-04T12:00:00Z","Rating":300},"""
            + """{"Location":"DE","Time":"2026-03-04T13:00:00Z","Rating":200}]}""");
        var provider = Provider();
        Assert.Equal(300, (await provider.ReadAsync(default)).GramsPerKwh);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(200, (await provider.ReadAsync(default)).GramsPerKwh);
    }

    [Theory]
    [InlineData(
        """{"Emissions":[{"Location":"eastus","Time":"2026-03-04T12:00:00Z","Rating":70}]}""", "no figure for DE")]
    [InlineData(
        """{"Emissions":[{"Location":"DE","Time":"2026-03-04T13:00:00Z","Rating":70}]}""",
        "no figure for DE up to now")]
    [InlineData(
        """{"Emissions":[{"Location":"DE","Time":"2026-03-04T08:00:00Z","Rating":300,"Duration":"01:00:00"}]}""",
        "nothing newer than 2026-03-04 08:00:00Z")]
    [InlineData(
        """{"Emissions":[{"Location":"DE","Time":"2026-03-04T12:00:00Z","Rating":0.6}]}""",
        "0.6 g/kWh for DE, which no grid has")]
    [InlineData(
        """{"Emissions":[{"Location":"DE","Time":"2026-03-04T12:00:00Z","Rating":-381}]}""",
        "-381 g/kWh for DE, which no grid has")]
    [InlineData(
        """{"Emissions":[{"Location":"DE","Time":"2026-03-04T12:00:00Z","Rating":381000}]}""",
        "381000 g/kWh for DE, which no grid has")]
    [InlineData(
        """{"Emissions":[{"Location":"DE","Time":"2026-03-04T12:00:00Z","Rating":"NaN"}]}""",
        "not in the Carbon Aware SDK's format")]
    [InlineData("""{"Emissions":[{"Location":"DE","Rating":300}]}""", "not in the Carbon Aware SDK's format")]
    [InlineData("""{"Emissions":[null]}""", "not in the Carbon Aware SDK's format")]
    [InlineData("""{"Emissions":null}""", "not in the Carbon Aware SDK's format")]
    [InlineData("""{"Emissions":[{"Location":"DE",""", "not in the Carbon Aware SDK's format")]
    [InlineData("null", "not in the Carbon Aware SDK's format")]
    [InlineData("", "not in the Carbon Aware SDK's format")]
    public async Task A_file_without_a_figure_that_can_be_true_says_why(string json, string expected)
    {
        Write(json);
        Assert.Contains(
            expected,
            (await Assert.ThrowsAsync<IntensityUnavailableException>(() => Provider().ReadAsync(default))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_says_so() =>
        Assert.Contains(
            "emissions.json cannot be read",
            (await Assert.ThrowsAsync<IntensityUnavailableException>(() => Provider().ReadAsync(default))).Message,
            StringComparison.Ordinal);

    [Fact]
    public async Task A_figure_that_holds_for_a_day_is_not_stale_on_that_day()
    {
        Write(
            """{"Emissions":[{"Location":"DE","Time":"2026-03-04T00:00:00Z","Rating":300,"Duration":"1.00:00:00"}]}""");
        Assert.Equal(300, (await Provider().ReadAsync(default)).GramsPerKwh);
    }

    private EmissionsFile Provider() => new(File, "DE", TimeSpan.FromHours(3), _time);

    private void Write(string json, int written = 0)
    {
        System.IO.File.WriteAllText(File, json);
        System.IO.File.SetLastWriteTimeUtc(File, new DateTime(2026, 3, 4, 0, 0, written, DateTimeKind.Utc));
    }
}
