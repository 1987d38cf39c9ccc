using EdgeCloud.Carbon;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Tests.Carbon;

public sealed class CarbonLedgerTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly CarbonOptions _options = new()
    {
        Source = IntensitySource.Fixed,
        GramsPerKwh = 400,
        IdleWattsPerCpu = 0.5,
        ActiveWattsPerCpu = 1.5,
        ReservedMemoryBytes = 2_000_000_000,
        EmbodiedGramsPerCpuHour = 0.5,
    };

    [Fact]
    public void An_hour_of_a_container_is_what_a_calculator_says()
    {
        using var root = new FakeRoot().WithContainer(TimeSpan.FromSeconds(100), "50000 100000");
        var ledger = Ledger(root);
        for (var second = 5; second <= 3600; second += 5)
        {
            root.WithContainer(TimeSpan.FromSeconds(100 + (second * 0.02)), "50000 100000");
            _clock.Advance(TimeSpan.FromSeconds(5));
            ledger.Sample();
        }

        var totals = ledger.Sample();
        Assert.Equal("cgroup_v2", ledger.Method);
        Assert.Equal("container", ledger.Reserved.From);

        // 72 s of CPU time × 1.5 W = 108 J.
        Assert.Equal(108, totals.Active.Mean, 6);

        // 3600 s × (0.5 threads × 0.5 W + 2 GB × 0.392 W/GB) = 3600 × 1.034 = 3722.4 J.
        Assert.Equal(3722.4, totals.Reserved.Mean, 6);

        // 3830.4 J / 3.6e6 J/kWh × 400 g/kWh = 0.4256 g.
        Assert.Equal(0.4256, totals.OperationalGrams, 9);

        // 0.5 threads × 1 h × 0.5 g.
        Assert.Equal(0.25, totals.EmbodiedGrams, 9);
    }

    [Fact]
    public async Task Grams_are_counted_by_the_intensity_of_their_time()
    {
        using var root = new FakeRoot().WithContainer(TimeSpan.Zero, "100000 100000");
        var provider = new Provider { GramsPerKwh = 100 };
        var feed = new IntensityFeed(provider, Options.Create(_options), _clock, NullLogger<IntensityFeed>.Instance);
        await feed.RefreshAsync(default);
        _options.ReservedMemoryBytes = 0;
        var ledger = new CarbonLedger(_options, feed, _clock, root.Path);

        _clock.Advance(TimeSpan.FromSeconds(60));
        ledger.Sample();
        provider.GramsPerKwh = 700;
        await feed.RefreshAsync(default);
        _clock.Advance(TimeSpan.FromSeconds(60));

        // 30 J at 100 g/kWh and 30 J at 700 g/kWh: 30 / 3.6e6 × 800.
        Assert.Equal(30 / 3.6e6 * 800, ledger.Sample().OperationalGrams, 12);
    }

    [Fact]
    public void A_frame_costs_its_CPU_time_in_two_digits_and_is_counted()
    {
        using var root = new FakeRoot();
        var ledger = Ledger(root);

        // 4.321 ms × 1.5 W = 0.0064815 J.
        Assert.Equal(0.0065, ledger.FrameDone(TimeSpan.FromMilliseconds(4.321)));

        // 66.7 ms × 1.5 W = 0.10005 J.
        Assert.Equal(0.10, ledger.FrameDone(TimeSpan.FromMilliseconds(66.7)));
        Assert.Equal(0, ledger.FrameDone(TimeSpan.Zero));
        Assert.Equal((3, 0.1065), (ledger.Sample().Frames, Math.Round(ledger.Sample().FrameJoules, 9)));
    }

    [Fact]
    public void Counters_of_the_processor_are_preferred_where_they_can_be_read()
    {
        using var root = new FakeRoot().WithContainer(TimeSpan.Zero, "100000 100000")
            .WithPackage(0, 0).With("proc/stat", "cpu 0 0 0 0 0 0 0 0 0 0");
        var ledger = Ledger(root);
        _clock.Advance(TimeSpan.FromSeconds(10));
        root.WithPackage(0, 40_000_000);
        ledger.Sample();
        _clock.Advance(TimeSpan.FromSeconds(10));
        root.WithPackage(0, 140_000_000).WithContainer(TimeSpan.FromSeconds(2), "100000 100000")
            .With("proc/stat", "cpu 300 0 50 9999 9999 30 20 9999 0 0");

        // 4 W at rest; then 60 J above it, 2 s of the 4 s that all processors were busy.
        Assert.Equal("rapl", ledger.Method);
        Assert.Equal(30, ledger.Sample().Active.Mean, 9);
    }

    private CarbonLedger Ledger(FakeRoot root)
    {
        var feed = new IntensityFeed(
            IntensityProviders.Create(_options, _clock), Options.Create(_options), _clock,
            NullLogger<IntensityFeed>.Instance);
        feed.RefreshAsync(default).GetAwaiter().GetResult();
        return new CarbonLedger(_options, feed, _clock, root.Path);
    }

    private sealed class Provider : IIntensityProvider
    {
        public required double GramsPerKwh { get; set; }

        public Task<CarbonIntensity> ReadAsync(CancellationToken cancellationToken) =>
            Task.FromResult(new CarbonIntensity(GramsPerKwh, "here", "fixed", null));
    }
}
