using EdgeCloud.Carbon;

namespace EdgeCloud.Tests.Carbon;

public sealed class EnergyMeterTests
{
    private static readonly ProcessorPower Power = new("test", new(0.4, 0.5, 0.7), new(1.0, 1.5, 2.0));
    private static readonly ReservedResources HalfOfFour = new(2, 4_000_000_000, "settings");

    [Fact]
    public void Modelled_energy_is_CPU_time_times_active_watts_and_what_is_held_times_idle_watts()
    {
        var meter = new EnergyMeter(Power, HalfOfFour, processors: 4, powerUsageEffectiveness: 1.2);
        meter.Add(new EnergySample(Seconds(100), Seconds(7)));
        meter.Add(new EnergySample(Seconds(110), Seconds(10)));

        // 3 s of CPU time: 3 × 1.0, 1.5, 2.0 W, × 1.2 = 3.6, 5.4, 7.2 J.
        Is(new(3.6, 5.4, 7.2), meter.Active);

        // 10 s of 2 threads: 20 × 0.4, 0.5, 0.7 W = 8, 10, 14 J; of 4 GB: 10 × 4 × 0.392 = 15.68 J; × 1.2 =
        // 28.416, 30.816, 35.616 J.
        Is(new(28.416, 30.816, 35.616), meter.Reserved);

        // (5.4 + 30.816) J / 10 s.
        Assert.Equal(3.6216, meter.Watts.Mean, 9);
    }

    [Fact]
    public void Measured_energy_above_the_least_seen_is_divided_by_CPU_time_and_the_least_is_held()
    {
        var meter = new EnergyMeter(
            Power, HalfOfFour with { MemoryBytes = 0 }, processors: 4, powerUsageEffectiveness: 1);
        meter.Add(new EnergySample(Seconds(0), Seconds(0)) { PackageJoules = 0, MachineCpu = Seconds(0) });
        meter.Add(new EnergySample(Seconds(10), Seconds(0)) { PackageJoules = 50, MachineCpu = Seconds(1) });
        meter.Add(new EnergySample(Seconds(20), Seconds(3)) { PackageJoules = 150, MachineCpu = Seconds(13) });

        // 5 W at the least, so 150 J are 50 at rest and 100 above. 3 of 12 s were this service's: a quarter, 25 J; at
        // most a quarter of everything, 37.5 J.
        Is(new(25, 25, 37.5), meter.Active);

        // Twice 50 J at rest, 2 of 4 threads: 50 J.
        Is(Estimate.Exactly(50), meter.Reserved);
    }

    [Fact]
    public void The_marginal_energy_of_a_frame_is_its_CPU_time_times_the_active_watts()
    {
        var meter = new EnergyMeter(Power, HalfOfFour, processors: 4, powerUsageEffectiveness: 1.1);

        // 6 ms × 1.0, 1.5, 2.0 W × 1.1.
        Is(new(0.0066, 0.0099, 0.0132), meter.MarginalJoules(TimeSpan.FromMilliseconds(6)));
    }

    [Fact]
    public void A_CPU_counter_that_starts_again_or_cannot_be_read_counts_nothing_until_it_goes_on()
    {
        var meter = new EnergyMeter(
            Power, HalfOfFour with { MemoryBytes = 0 }, processors: 4, powerUsageEffectiveness: 1);
        meter.Add(new EnergySample(Seconds(0), Seconds(500)));
        meter.Add(new EnergySample(Seconds(10), Seconds(2)));
        Assert.Equal(0, meter.Active.Mean);
        meter.Add(new EnergySample(Seconds(20), null));
        Assert.Equal(0, meter.Active.Mean);
        meter.Add(new EnergySample(Seconds(30), Seconds(4)));
        Assert.Equal(3, meter.Active.Mean, 9);
    }

    [Fact]
    public void A_suspended_machine_holds_nothing_meanwhile()
    {
        var meter = new EnergyMeter(
            Power, HalfOfFour with { MemoryBytes = 0 }, processors: 4, powerUsageEffectiveness: 1);
        meter.Add(new EnergySample(Seconds(0), Seconds(0)));
        Assert.Equal(EnergyMeter.LongestGap, meter.Add(new EnergySample(TimeSpan.FromHours(9), Seconds(1))));

        // One minute of the nine hours: 60 s × 2 × 0.5 W.
        Assert.Equal(60, meter.Reserved.Mean, 9);
        Assert.Equal(1.5, meter.Active.Mean, 9);
    }

    [Fact]
    public void CPU_time_beyond_what_all_processors_can_do_is_not_believed()
    {
        var meter = new EnergyMeter(Power, HalfOfFour, processors: 4, powerUsageEffectiveness: 1);
        meter.Add(new EnergySample(Seconds(0), Seconds(0)));
        meter.Add(new EnergySample(Seconds(10), Seconds(4000)));

        // 10 s × 4 × 1.5 W.
        Assert.Equal(60, meter.Active.Mean, 9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_the_sources_say_energy_is_never_negative_never_decreases_and_keeps_its_bounds_in_order(
        int seed)
    {
        var random = new Random(seed);
        var meter = new EnergyMeter(Power, HalfOfFour, processors: 4, powerUsageEffectiveness: 1.1);
        var (at, cpu, machine) = (TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
        for (var i = 0; i < 20_000; i++)
        {
            var (active, reserved) = (meter.Active, meter.Reserved);

            // Steps of up to 10 s, at times of a day, at times back; counters that run, jump, and start again.
            at += random.Next(50) switch
            {
                0 => TimeSpan.FromDays(random.NextDouble()),
                1 => -Seconds(random.NextDouble()),
                _ => Seconds(10 * random.NextDouble()),
            };
            cpu = random.Next(50) switch
            {
                0 => TimeSpan.Zero,
                1 => TimeSpan.FromDays(random.NextDouble()),
                _ => cpu + Seconds(random.NextDouble()),
            };
            machine = random.Next(50) == 0 ? TimeSpan.Zero : machine + Seconds(random.NextDouble());
            meter.Add(new EnergySample(at, random.Next(20) == 0 ? null : cpu)
            {
                PackageJoules = seed == 1 ? null : 1000 * random.NextDouble(),
                MachineCpu = random.Next(20) == 0 ? null : machine,
            });

            Assert.True(
                meter.Active.Low >= active.Low && meter.Active.Mean >= active.Mean && meter.Active.High >= active.High,
                $"Step {i}: {active} -> {meter.Active}");
            Assert.True(
                meter.Reserved.Low >= reserved.Low
                && meter.Reserved.Mean >= reserved.Mean && meter.Reserved.High >= reserved.High,
                $"Step {i}: {reserved} -> {meter.Reserved}");
            Assert.True(
                meter.Active.Low <= meter.Active.Mean && meter.Active.Mean <= meter.Active.High
                && meter.Watts.Low >= 0 && double.IsFinite(meter.Active.High + meter.Watts.High),
                $"Step {i}: {meter.Active}");
        }

        Assert.True(meter.Active.Mean > 0 && meter.Reserved.Mean > 0);
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static void Is(Estimate expected, Estimate actual)
    {
        Assert.Equal(expected.Low, actual.Low, 9);
        Assert.Equal(expected.Mean, actual.Mean, 9);
        Assert.Equal(expected.High, actual.High, 9);
    }
}
