using System.Diagnostics.Metrics;
using EdgeCloud.Contract;
using EdgeCloud.Server.Live;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace EdgeCloud.Tests.Server;

/// <summary>How long after it was captured a frame's event was visible, and how many there were.</summary>
public sealed class FreshnessTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Noon);
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MetricCollector<double> _freshness;
    private readonly RecentEvents _recent;


    public FreshnessTests()
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        _freshness = new MetricCollector<double>(meters, "EdgeCloud.Server", "edgecloud.freshness");
        _recent = new RecentEvents(meters, _time);
    }

    public void Dispose()
    {
        _freshness.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void It_counts_from_the_capture_or_else_from_when_the_edge_accepted_the_frame()
    {
        Visible(timestamp: Noon.AddSeconds(-1), capturedAt: Noon.AddSeconds(-3));
        Visible(timestamp: Noon.AddSeconds(-1), capturedAt: null);
        Assert.Equal([3, 1], _freshness.GetMeasurementSnapshot().Select(measured => measured.Value));
    }

    [Fact]
    public void What_comes_from_the_future_counts_as_an_event_and_says_nothing_about_freshness()
    {
        Visible(timestamp: Noon, capturedAt: Noon.AddMilliseconds(1));
        _time.SetUtcNow(Noon.AddSeconds(1));

        Assert.Empty(_freshness.GetMeasurementSnapshot());
        Assert.Equal(new FreshnessPercentiles(null, null, null), _recent.Freshness());
        Assert.Equal(0.1, _recent.EventsPerSecond);
    }

    [Fact]
    public void The_percentiles_are_those_of_the_last_minute()
    {
        for (var i = 1; i <= 100; i++)
            Visible(TimeSpan.FromMilliseconds(i * 10));

        var within = _recent.Freshness();
        Assert.InRange(within.P50!.Value, 485, 515);
        Assert.InRange(within.P95!.Value, 925, 975);
        Assert.InRange(within.P99!.Value, 965, 1015);

        _time.SetUtcNow(Noon.AddSeconds(59));
        Visible(TimeSpan.FromMilliseconds(2));
        Assert.Equal(within.P99, _recent.Freshness().P99);
        _time.SetUtcNow(Noon.AddSeconds(60));
        Assert.InRange(_recent.Freshness().P99!.Value, 1.9, 2.1);
        _time.SetUtcNow(Noon.AddDays(1));
        Assert.Equal(default, _recent.Freshness());
    }

    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(0.3, 0.3)]
    [InlineData(3_600_000, 3_600_000)]
    [InlineData(1e12, 1.1e7)]
    public void Whatever_the_freshness_it_is_told_to_within_a_few_percent_between_its_bounds(
        double milliseconds, double expected)
    {
        Visible(TimeSpan.FromMilliseconds(milliseconds));
        Assert.InRange(_recent.Freshness().P50!.Value, expected * 0.97, expected * 1.04);
    }

    [Fact]
    public void The_rate_is_that_of_the_last_ten_whole_seconds()
    {
        for (var second = 0; second < 12; second++)
        {
            _time.SetUtcNow(Noon.AddSeconds(second));
            for (var i = 0; i < 5; i++)
                Visible(TimeSpan.Zero);
        }

        Assert.Equal(5, _recent.EventsPerSecond);
        _time.SetUtcNow(Noon.AddSeconds(17));
        Assert.Equal(2.5, _recent.EventsPerSecond);
        _time.SetUtcNow(Noon.AddSeconds(500));
        Assert.Equal(0, _recent.EventsPerSecond);
    }

    [Fact]
    public void To_ask_later_does_not_change_what_is_known_of_the_seconds_before()
    {
        Visible(TimeSpan.FromSeconds(1));
        _time.SetUtcNow(Noon.AddSeconds(30));
        Assert.Equal(0, _recent.EventsPerSecond);
        Visible(TimeSpan.FromSeconds(1));
        _time.SetUtcNow(Noon.AddSeconds(60));
        var (first, second) = (_recent.Freshness(), _recent.Freshness());
        Assert.Equal(first, second);
        Assert.InRange(second.P50!.Value, 970, 1040);
    }

    [Fact]
    public void Persons_of_the_last_hour_are_told_minute_by_minute_of_all_partitions_and_when_they_were_there()
    {
        using var scene = new StoreScene(_time);
        Count(partition: 0, Noon.AddMinutes(-60), persons: 100);
        Count(partition: 0, Noon.AddMinutes(-59), persons: 1);
        Count(partition: 0, Noon, persons: 2);
        Count(partition: 1, Noon, persons: 3);
        Count(partition: 0, Noon.AddMinutes(-59), persons: 4);

        Assert.Equal([5, .. new long[58], 5], scene.Registry.PersonsLastHour());
        _time.SetUtcNow(Noon.AddMinutes(58));
        Assert.Equal([0, 5, .. new long[58]], scene.Registry.PersonsLastHour());
        Count(partition: 0, _time.GetUtcNow(), persons: 6);
        Assert.Equal([0, 5, .. new long[57], 6], scene.Registry.PersonsLastHour());
        _time.SetUtcNow(Noon.AddHours(30));
        Assert.Equal(new long[60], scene.Registry.PersonsLastHour());

        void Count(int partition, DateTimeOffset time, int persons) =>
            scene.Add(partition, new("edge-1", time, persons, null, null), [], time);
    }

    private void Visible(TimeSpan freshness) => Visible(_time.GetUtcNow() - freshness, capturedAt: null);

    private void Visible(DateTimeOffset timestamp, DateTimeOffset? capturedAt) =>
        _recent.Add(new EventSummary("edge-1", timestamp, 1, null, null, capturedAt));
}
