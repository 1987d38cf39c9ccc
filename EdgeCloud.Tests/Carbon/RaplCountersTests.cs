using EdgeCloud.Carbon;

namespace EdgeCloud.Tests.Carbon;

public sealed class RaplCountersTests
{
    [Fact]
    public void The_packages_are_added_up_without_their_parts_and_without_the_board_that_contains_them()
    {
        using var root = new FakeRoot().WithPackage(0, 1_000_000)
            .WithPackage(1, 5_000_000, name: "package-1").WithPackage(2, 0, name: "psys");
        root.With("sys/class/powercap/intel-rapl:0:0/name", "core")
            .With("sys/class/powercap/intel-rapl:0:0/energy_uj", 0)
            .With("sys/class/powercap/intel-rapl:0:0/max_energy_range_uj", 1000);
        var counters = RaplCounters.Open(root.Path, TimeSpan.Zero)!;

        root.WithPackage(0, 3_500_000).WithPackage(1, 6_000_000, name: "package-1")
            .WithPackage(2, 9_000_000, name: "psys").With("sys/class/powercap/intel-rapl:0:0/energy_uj", 900);

        // 2.5 J + 1 J.
        Assert.Equal(3.5, counters.Advance(TimeSpan.FromSeconds(1)), 9);
    }

    [Fact]
    public void A_counter_that_has_gone_round_goes_on()
    {
        using var root = new FakeRoot().WithPackage(0, 262_143_000_000);
        var counters = RaplCounters.Open(root.Path, TimeSpan.Zero)!;
        root.WithPackage(0, 671_150);

        // 262143.328850 − 262143.000000 + 0.671150 = 1 J.
        Assert.Equal(1, counters.Advance(TimeSpan.FromSeconds(1)), 9);
    }

    [Fact]
    public void A_counter_that_starts_again_counts_nothing_for_once()
    {
        using var root = new FakeRoot().WithPackage(0, 100_000_000_000);
        var counters = RaplCounters.Open(root.Path, TimeSpan.Zero)!;
        root.WithPackage(0, 0);
        Assert.Equal(0, counters.Advance(TimeSpan.FromSeconds(5)));
        root.WithPackage(0, 20_000_000);
        Assert.Equal(20, counters.Advance(TimeSpan.FromSeconds(10)), 9);
    }

    [Fact]
    public void A_counter_that_cannot_be_read_any_more_counts_nothing()
    {
        using var root = new FakeRoot().WithPackage(0, 1_000_000);
        var counters = RaplCounters.Open(root.Path, TimeSpan.Zero)!;
        Directory.Delete(Path.Combine(root.Path, "sys"), recursive: true);
        Assert.Equal(0, counters.Advance(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void A_machine_without_counters_has_none()
    {
        using var root = new FakeRoot();
        Assert.Null(RaplCounters.Open(root.Path, TimeSpan.Zero));
        root.With("sys/class/powercap/intel-rapl:0/name", "package-0");
        Assert.Null(RaplCounters.Open(root.Path, TimeSpan.Zero));
    }
}
