using EdgeCloud.Carbon;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Tests.Carbon;

public sealed class IntensityFeedTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Noon);
    private readonly Provider _provider = new();
    private readonly IntensityFeed _feed;

    public IntensityFeedTests() => _feed = Feed("DE");

    [Fact]
    public void Before_the_first_figure_the_yearly_average_of_the_country_is_in_force()
    {
        Assert.Equal((381, "DE", "average"), (_feed.Current.GramsPerKwh, _feed.Current.Location, _feed.Current.Source));
        Assert.False(_feed.Current.IsCurrent);
        Assert.True(_feed.Age > TimeSpan.FromDays(365), "It is that of a year long past, and says so.");
    }

    [Fact]
    public void And_that_of_the_world_for_a_place_nobody_knows() =>
        Assert.Equal((480, "world"), (Feed("eastus").Current.GramsPerKwh, Feed("eastus").Current.Location));

    [Fact]
    public async Task A_figure_is_kept_through_failures_until_it_is_stale_and_then_the_average_is_back()
    {
        _provider.Next = () => new CarbonIntensity(250, "DE", "file", Noon - TimeSpan.FromMinutes(2));
        await _feed.RefreshAsync(default);
        Assert.Equal((250, TimeSpan.FromMinutes(2), null), (_feed.Current.GramsPerKwh, _feed.Age, _feed.Problem));

        _provider.Next = () => throw new IntensityUnavailableException("The grid is silent.");
        _time.Advance(TimeSpan.FromHours(2));
        await _feed.RefreshAsync(default);
        Assert.Equal((250, "The grid is silent."), (_feed.Current.GramsPerKwh, _feed.Problem));

        _time.Advance(TimeSpan.FromHours(1));
        await _feed.RefreshAsync(default);
        Assert.Equal((381, "average"), (_feed.Current.GramsPerKwh, _feed.Current.Source));

        _provider.Next = () => new CarbonIntensity(200, "DE", "file", _time.GetUtcNow());
        await _feed.RefreshAsync(default);
        Assert.Equal((200, null), (_feed.Current.GramsPerKwh, _feed.Problem));
    }

    [Fact]
    public async Task A_provider_that_fails_in_a_way_nobody_thought_of_ends_nothing()
    {
        _provider.Next = () => throw new InvalidOperationException("Out of ideas.");
        await _feed.RefreshAsync(default);
        Assert.Equal(("Out of ideas.", "average"), (_feed.Problem, _feed.Current.Source));
    }

    [Fact]
    public async Task A_fixed_figure_has_no_age()
    {
        _provider.Next = () => new CarbonIntensity(30, "mill", "fixed", null);
        await _feed.RefreshAsync(default);
        Assert.Null(_feed.Age);
        Assert.True(_feed.Current.IsCurrent);
    }

    [Fact]
    public void The_averages_are_those_of_real_grids()
    {
        Assert.All(GridAverages.Locations, location => Assert.InRange(GridAverages.Of(location).GramsPerKwh, 20, 1000));
        Assert.Equal((56, 30, 662), (
            GridAverages.Of("fr").GramsPerKwh, GridAverages.Of("NO").GramsPerKwh, GridAverages.Of("PL").GramsPerKwh));
    }

    private IntensityFeed Feed(string location) => new(
        _provider, Options.Create(new CarbonOptions { Location = location }), _time,
        NullLogger<IntensityFeed>.Instance);

    private sealed class Provider : IIntensityProvider
    {
        public Func<CarbonIntensity> Next { get; set; } = () => throw new IntensityUnavailableException("Not yet.");

        public Task<CarbonIntensity> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(Next());
    }
}
