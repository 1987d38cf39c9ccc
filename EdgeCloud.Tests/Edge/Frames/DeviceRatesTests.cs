using EdgeCloud.Edge.Frames;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Tests.Edge.Frames;

public sealed class DeviceRatesTests
{
    // Near zero, as after the start of a machine: GetElapsedTime of far more is no longer exact.
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.MinValue.AddHours(1));

    [Fact]
    public void A_second_s_worth_of_frames_may_come_at_once_and_then_one_at_a_time()
    {
        var rates = Rates(framesPerSecond: 4);

        Assert.Equal(
            [true, true, true, true, false, false], Enumerable.Range(0, 6).Select(_ => rates.TryAdmit("a", out var _)));
        _clock.Advance(TimeSpan.FromMilliseconds(250));
        Assert.Equal([true, false], Enumerable.Range(0, 2).Select(_ => rates.TryAdmit("a", out var _)));
    }

    [Fact]
    public void A_device_that_sends_at_its_rate_is_never_refused()
    {
        var rates = Rates(framesPerSecond: 30);
        for (var i = 0; i < 1000; i++)
        {
            Assert.True(rates.TryAdmit("a", out _));
            _clock.Advance(TimeSpan.FromSeconds(1) / 30);
        }
    }

    [Fact]
    public void Who_is_refused_is_told_when_a_frame_is_due_and_is_not_punished_for_asking()
    {
        var rates = Rates(framesPerSecond: 1);
        Assert.True(rates.TryAdmit("a", out _));
        _clock.Advance(TimeSpan.FromMilliseconds(400));

        for (var i = 0; i < 3; i++)
        {
            Assert.False(rates.TryAdmit("a", out var wait));
            Assert.Equal(TimeSpan.FromMilliseconds(600), wait);
        }

        _clock.Advance(TimeSpan.FromMilliseconds(600));
        Assert.True(rates.TryAdmit("a", out _));
    }

    [Fact]
    public void One_device_does_not_slow_another() =>
        Assert.All(Enumerable.Range(0, 100), i => Assert.True(Rates(framesPerSecond: 1).TryAdmit($"{i}", out _)));

    [Fact]
    public void A_hundred_thousand_devices_take_no_more_room_than_its_capacity_and_make_nobody_forget_who_is_too_fast()
    {
        var rates = Rates(framesPerSecond: 30);
        var admitted = 0;
        for (var i = 0; i < 100_000; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(0.1));
            Assert.True(rates.TryAdmit($"device-{i}", out _));
            Assert.InRange(rates.Count, 1, DeviceRates.Capacity);
            admitted += rates.TryAdmit("fast", out _) ? 1 : 0;
        }

        // Ten seconds have passed.
        Assert.InRange(admitted, 300, 331);
    }

    [Fact]
    public void More_devices_at_one_instant_than_there_is_room_for_make_it_forget_one_that_owes_little()
    {
        var rates = Rates(framesPerSecond: 30);
        while (rates.TryAdmit("fast", out _))
        {
            // Uses up its burst.
        }

        for (var i = 0; i < DeviceRates.Capacity + 100; i++)
            Assert.True(rates.TryAdmit($"device-{i}", out _));

        Assert.Equal(DeviceRates.Capacity, rates.Count);
        Assert.False(rates.TryAdmit("fast", out _));
    }

    private DeviceRates Rates(int framesPerSecond) =>
        new(Options.Create(new FrameOptions { MaxFramesPerSecond = framesPerSecond }), _clock);
}
