using EdgeCloud.Edge.Devices;

namespace EdgeCloud.Tests.Edge.Devices;

public sealed class DeviceTableTests
{
    private readonly DeviceTable<State> _table = new(capacity: 3, state => TimeSpan.FromSeconds(state.Seconds));

    [Fact]
    public void A_device_is_found_with_what_was_last_set_of_it()
    {
        Set("a", 1);
        Set("a", 2);
        Assert.Equal(2, Get("a"));
        Assert.Null(Get("b"));
        Assert.Equal(1, _table.Count);
    }

    [Fact]
    public void When_it_is_full_a_new_device_takes_the_place_of_the_oldest_whenever_that_came()
    {
        Set("b", 2);
        Set("a", 1);
        Set("c", 3);
        Set("d", 0);

        Assert.Equal(3, _table.Count);
        Assert.Null(Get("a"));
        Assert.Equal(0, Get("d"));
    }

    [Fact]
    public void When_it_is_full_a_known_device_takes_nobody_s_place()
    {
        foreach (var deviceId in new[] { "a", "b", "c" })
            Set(deviceId, 1);
        Set("b", 2);

        Assert.Equal(3, _table.Count);
        Assert.Equal(1, Get("a"));
    }

    [Fact]
    public void A_time_that_moves_on_in_place_counts()
    {
        var state = Set("a", 1);
        Set("b", 2);
        Set("c", 3);
        state.Seconds = 4;
        Set("d", 5);

        Assert.Equal(4, Get("a"));
        Assert.Null(Get("b"));
    }

    [Fact]
    public void What_is_older_than_a_time_is_removed_and_what_is_as_old_stays()
    {
        Set("a", 1);
        Set("b", 2);
        Set("c", 3);
        _table.RemoveBefore(TimeSpan.FromSeconds(2));

        Assert.Null(Get("a"));
        Assert.Equal(2, Get("b"));
        Assert.False(_table.IsFull);
    }

    [Fact]
    public void A_hundred_thousand_devices_leave_no_more_than_its_capacity()
    {
        for (var i = 0; i < 100_000; i++)
            Set($"device-{i}", i);

        Assert.Equal(3, _table.Count);
        Assert.Equal(99_997, _table.RemoveOldest().Seconds);
    }

    private State Set(string deviceId, int seconds)
    {
        var state = new State { Seconds = seconds };
        _table.Set(deviceId, state);
        return state;
    }

    private int? Get(string deviceId) => _table.TryGet(deviceId, out var state) ? state.Seconds : null;

    private sealed class State
    {
        public int Seconds { get; set; }
    }
}
