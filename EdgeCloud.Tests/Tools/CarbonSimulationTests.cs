using System.Text.Json;
using EdgeCloud.Carbon;
using EdgeCloud.Carbon.Pacing;
using EdgeCloud.Cli.Carbon;

namespace EdgeCloud.Tests.Tools;

public sealed class CarbonSimulationTests
{
    private static readonly SimulationPlan Plan = new()
    {
        Pacing = new PacingOptions(),
        FrameCpu = [TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(1)],
        GramsPerKwh = _ => 360,
        Presence = [(TimeSpan.FromHours(8), TimeSpan.FromHours(16))],
        Processor = new ProcessorPower("test", Estimate.Exactly(0.5), Estimate.Exactly(2)),
        ReservedCpus = 1,
        ReservedGigabytes = 1,
        EmbodiedGramsPerCpuHour = 0.5,
    };

    [Fact]
    public void A_frame_a_second_for_a_day_is_what_a_calculator_says()
    {
        var day = new CarbonSimulation(Plan).Fixed();
        Assert.Equal(86_400, day.Frames);

        // 86400 × 5 ms × 2 W = 864 J; 360 g/kWh is 1e-4 g/J.
        Assert.Equal(864, day.MarginalJoules, 6);
        Assert.Equal(0.0864, day.MarginalGrams, 9);

        // (0.5 + 0.392) W × 86400 s × 1e-4 g/J.
        Assert.Equal(7.70688, day.ReservedGrams, 6);

        // 24 h × 0.5 g.
        Assert.Equal(12, day.EmbodiedGrams, 9);
        Assert.Equal(TimeSpan.FromSeconds(1), day.WorstDelay);
    }

    [Fact]
    public void Paced_the_empty_two_thirds_of_the_day_take_half_the_frames_and_a_second_more_to_see_who_comes()
    {
        var day = new CarbonSimulation(Plan).Paced();

        // 8 h present and 30 s after it and after midnight every second, the rest every other second.
        Assert.InRange(day.Frames, 28_800 + 28_800, 28_800 + 28_800 + 40);
        Assert.Equal(TimeSpan.FromSeconds(2), day.WorstDelay);
        Assert.Equal((7.70688, 12), (Math.Round(day.ReservedGrams, 6), Math.Round(day.EmbodiedGrams, 6)));
    }

    [Fact]
    public void The_motion_gate_looks_at_an_empty_room_every_five_seconds_and_at_everybody_all_the_time()
    {
        var hours = new CarbonSimulation(Plan).Run(
            new SimulatedCamera(TimeSpan.FromSeconds(1), Gate: true, Paced: false),
            TimeSpan.FromHours(7), TimeSpan.FromHours(9));
        Assert.Equal((7200, 720 + 3600), (hours.Frames, hours.Looks));

        // 4320 × 5 ms × 2 W, and 2880 × 0.6 ms × 2 W.
        Assert.Equal(43.2 + 3.456, hours.MarginalJoules, 6);
        Assert.Equal(1, hours.EmbodiedGrams, 9);
        Assert.Equal(TimeSpan.FromSeconds(1), hours.WorstDelay);
    }

    [Fact]
    public void An_hour_is_told_for_each_rate_with_gate_and_pacing_on_and_off()
    {
        var text = new SimulationReport(Plan).Hour(7, "here");
        Assert.Contains("| 15 | off | off | 54000 | 54000 | 0.0100 | 7.50 % |", text, StringComparison.Ordinal);

        // 30 s of fifteen frames a second, and one every two seconds for 3570 s.
        Assert.Contains("| 15 | on | on | 2235 |", text, StringComparison.Ordinal);
        Assert.Equal(12, text.Split('\n').Count(line => line.StartsWith("| 1 ", StringComparison.Ordinal)
            || line.StartsWith("| 5 ", StringComparison.Ordinal)
            || line.StartsWith("| 15 ", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_dirty_hour_is_spent_with_the_cheaper_model()
    {
        var dirty = Plan with
        {
            GramsPerKwh = time => time.Hours == 10 ? 800 : 360,
            Pacing = new PacingOptions { Thresholds = [600] },
        };
        var saved =
            new CarbonSimulation(dirty with { Pacing = new PacingOptions { Eco = EcoMode.Off } }).Paced().MarginalJoules
            - new CarbonSimulation(dirty).Paced().MarginalJoules;

        // 3600 frames that take 2 W × 4 ms less.
        Assert.Equal(28.8, saved, 0.1);
    }

    [Fact]
    public void The_report_is_honest_about_what_the_frames_are_of_it_all()
    {
        var text = new SimulationReport(Plan).Text("here");
        Assert.Contains("86,400", text, StringComparison.Ordinal);

        // 0.0864 of 19.79328 g.
        Assert.Contains("The frames are 0.4 % of it", text, StringComparison.Ordinal);

        // (0.0864 + 19.70688 / 10) / 24.
        Assert.Contains("0.0857 with 10 cameras", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_given_day_is_taken_hour_by_hour_and_of_others_nothing()
    {
        var hours = Enumerable.Range(0, 30).Select(hour => new Emission(
            "DE", new DateTimeOffset(2026, 3, 4, 0, 0, 0, TimeSpan.Zero).AddHours(hour),
            100 + hour, TimeSpan.FromHours(1)));
        var file = JsonSerializer.SerializeToUtf8Bytes(new { Date = "2026-03-04", Emissions = hours });
        var (grams, day) = IntensityDay.Of(Emissions.Parse(file, "test"), "de");
        Assert.Equal(new DateOnly(2026, 3, 4), day);
        Assert.Equal(
            (100, 107, 123), (grams(TimeSpan.Zero), grams(new TimeSpan(7, 59, 59)), grams(new TimeSpan(23, 59, 0))));
    }

    [Fact]
    public void A_day_with_a_figure_that_cannot_be_true_or_without_any_is_refused()
    {
        var noon = new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
        Assert.Contains("which no grid has", Assert.Throws<IntensityUnavailableException>(() =>
            IntensityDay.Of([new Emission("DE", noon, 0)], "DE")).Message, StringComparison.Ordinal);
        Assert.Contains("no figure for FR", Assert.Throws<IntensityUnavailableException>(() =>
            IntensityDay.Of([new Emission("DE", noon, 300)], "FR")).Message, StringComparison.Ordinal);
    }
}
