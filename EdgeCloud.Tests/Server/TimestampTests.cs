using EdgeCloud.Contract;
using EdgeCloud.Server.Store;

namespace EdgeCloud.Tests.Server;

/// <summary>Dates that cannot be right, and events that come late or in another order than they happened.</summary>
public sealed class TimestampTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset? Unknown = null;

    private readonly FakeTimeProvider _time = new(Noon);
    private readonly StoreScene _scene;
    private int _frame;

    public TimestampTests() => _scene = new StoreScene(_time);

    private DeviceRegistry Registry => _scene.Registry;

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData(-1, -1)]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(86_400_000, 0)]
    public void A_device_was_last_seen_when_its_event_says_but_never_later_than_it_came(
        int datedMilliseconds, int seenMilliseconds)
    {
        Add(Noon.AddMilliseconds(datedMilliseconds), arrived: Noon);
        Assert.Equal(Noon.AddMilliseconds(seenMilliseconds), Device().LastSeen);
    }

    [Fact]
    public void A_device_that_dates_its_events_years_ahead_goes_offline_like_any_other()
    {
        Add(Noon.AddYears(5), arrived: Noon);
        Assert.Equal(DeviceStatus.Online, Device().Status);
        _time.SetUtcNow(Noon.AddMinutes(2));
        Assert.Equal(DeviceStatus.Offline, Device().Status);
    }

    [Fact]
    public void An_event_dated_ahead_is_the_newest_until_the_next_one_comes()
    {
        Add(Noon.AddYears(5), arrived: Noon);
        _time.SetUtcNow(Noon.AddSeconds(1));
        Add(Noon.AddSeconds(1), arrived: Noon.AddSeconds(1));

        Assert.Equal(2, Device().Frame!.Sequence);
        Assert.Equal([2, 1], Frames());
    }

    [Fact]
    public void While_the_topic_is_read_again_a_date_still_ahead_moves_nothing()
    {
        // Read on Monday, and what is dated on Friday came before the second event of Sunday.
        Add(Noon.AddDays(-1), Unknown);
        Add(Noon.AddDays(4), Unknown);
        Assert.Equal(Noon.AddDays(-1), Device().LastSeen);
        Add(Noon.AddDays(-1).AddSeconds(1), Unknown);

        Assert.Equal((3, Noon.AddDays(-1).AddSeconds(1)), (Device().Frame!.Sequence, Device().LastSeen));
        Assert.Equal([3, 2, 1], Frames());
    }

    [Fact]
    public void The_time_at_which_the_broker_took_an_event_is_believed_over_the_devices()
    {
        Add(Noon.AddHours(-1), arrived: Noon.AddHours(-2));
        Assert.Equal(Noon.AddHours(-2), Device().LastSeen);
    }

    [Fact]
    public void A_broker_whose_clock_is_ahead_is_not_believed_either()
    {
        Add(Noon.AddHours(2), arrived: Noon.AddHours(1));
        Assert.Equal(Noon, Device().LastSeen);
    }

    [Fact]
    public void A_late_event_counts_and_is_listed_in_its_place()
    {
        Add(Noon.AddSeconds(-1), arrived: Noon);
        Add(Noon.AddDays(-400), arrived: Noon);
        Add(Noon, arrived: Noon);

        Assert.Equal(3, Device().Events);
        Assert.Equal(Noon.AddDays(-400), Device().FirstSeen);
        Assert.Equal([3, 1, 2], Frames());
    }

    [Fact]
    public void A_device_whose_clock_stands_is_heard_of_all_the_same()
    {
        Add(DateTimeOffset.UnixEpoch, arrived: Noon);
        Assert.Equal(DeviceStatus.Offline, Device().Status);
        _time.SetUtcNow(Noon.AddHours(25));
        Assert.Empty(Registry.Summaries());
    }

    [Theory]
    [InlineData(24 * 3600, 1)]
    [InlineData(24 * 3600 + 1, 0)]
    public void A_silent_device_is_forgotten_and_its_events_with_it_and_the_totals_stay(int silentSeconds, int devices)
    {
        Add(Noon, arrived: Noon);
        _time.SetUtcNow(Noon.AddSeconds(silentSeconds));

        Assert.Equal((devices, devices), (Registry.Summaries().Count, Registry.Recent(null, 10).Count));
        Assert.Equal((1, devices), (Registry.Totals().Events, Registry.Totals().Devices));
    }

    [Theory]
    [InlineData(24 * 3600, 2)]
    [InlineData(24 * 3600 + 1, 1)]
    public void A_device_that_returns_after_so_long_begins_anew_whether_or_not_anybody_looked(
        int silentSeconds, int events)
    {
        Add(Noon, arrived: Noon);
        _time.SetUtcNow(Noon.AddSeconds(silentSeconds));
        Add(_time.GetUtcNow(), arrived: _time.GetUtcNow());
        Assert.Equal(events, Device().Events);
    }

    [Fact]
    public void To_ask_while_old_events_are_read_again_takes_nothing_from_the_devices_totals()
    {
        // Of a device that was last silent for too long before all of them.
        for (var hour = -50; hour <= -1; hour += 7)
        {
            Add(Noon.AddHours(hour), arrived: Noon.AddHours(hour));
            Registry.Summaries();
            Registry.Totals();
            Registry.Recent(null, 10);
        }

        Assert.Equal((8, Noon.AddHours(-50)), (Device().Events, Device().FirstSeen));
        Assert.Equal(8, Registry.Recent("edge-1", 10).Count);
    }

    [Fact]
    public void Who_is_silent_is_dropped_at_the_end_of_its_partition_and_of_no_other()
    {
        Add(Noon, arrived: Noon);
        _time.SetUtcNow(Noon.AddHours(25));
        _scene.ForgetSilent(1);
        _time.AdjustTime(Noon);
        Assert.Equal(1, Device().Events);

        _time.SetUtcNow(Noon.AddHours(25));
        _scene.ForgetSilent(0);
        _time.AdjustTime(Noon);
        Assert.Empty(Registry.Summaries());
        Assert.Equal(1, Registry.Totals().Events);
    }

    private void Add(DateTimeOffset timestamp, DateTimeOffset? arrived)
    {
        var one = Events.Of("edge-1", timestamp) with { EventId = Guid.NewGuid(), Frame = new(++_frame, 640, 480) };
        _scene.Add(0, Events.Summary(one), DetectionEventJson.Write(one), arrived);
    }

    private DeviceSummary Device() => Assert.Single(Registry.Summaries());

    private IEnumerable<long> Frames() =>
        Registry.Recent("edge-1", 10).Select(json => Events.Read(json).Frame!.Sequence);
}
