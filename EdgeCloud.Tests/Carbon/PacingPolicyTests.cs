using System.ComponentModel.DataAnnotations;
using EdgeCloud.Carbon.Pacing;

namespace EdgeCloud.Tests.Carbon;

public sealed class PacingPolicyTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly double[] Joules = [0.030, 0.006, 0.0015];

    private readonly PacingOptions _options = new();
    private PacingState _state = PacingPolicy.Start(TimeSpan.Zero);
    private TimeSpan _now;

    [Theory]
    [InlineData(null)]
    [InlineData(30.0)]
    [InlineData(480.0)]
    public void With_a_person_in_view_an_ordinary_grid_and_no_budget_nothing_is_saved(double? gramsPerKwh)
    {
        for (var i = 0; i < 100; i++)
            Assert.Equal(new Pace(Second, 0), Look(person: true, gramsPerKwh));
    }

    [Fact]
    public void An_empty_scene_is_looked_at_every_other_second_after_half_a_minute_and_a_person_changes_that_at_once()
    {
        Assert.Equal(Second, Look(person: true, null).Interval);
        for (var i = 0; i < 30; i++)
            Assert.Equal(Second, Look(person: false, null).Interval);
        Assert.Equal(2 * Second, Look(person: false, null).Interval);
        Assert.Equal(2 * Second, Look(person: false, null).Interval);
        Assert.Equal(Second, Look(person: true, null).Interval);
        Assert.Equal(Second, Look(person: false, null).Interval);
    }

    [Fact]
    public void Each_threshold_saves_a_step_first_the_model_then_the_rate()
    {
        _options.Thresholds = [100, 200, 300, 400, 500, 600];
        Pace[] expected = [new(Second, 0), new(Second, 1),
            new(Second, 2), new(2 * Second, 2), new(4 * Second, 2), new(5 * Second, 2), new(5 * Second, 2)];
        for (var step = 0; step < expected.Length; step++)
            Assert.Equal(expected[step], Look(person: true, 50 + (100 * step)));
    }

    [Fact]
    public void An_intensity_about_a_threshold_does_not_make_it_flap()
    {
        var changes = 0;
        var last = Look(person: true, 499);
        for (var i = 0; i < 3600; i++)
        {
            var pace = Look(person: true, i % 2 == 0 ? 501 : 499);
            changes += pace == last ? 0 : 1;
            last = pace;
        }

        Assert.Equal((1, 1), (changes, last.Model));

        // A tenth below the threshold, and only then, it ends.
        Assert.Equal(1, Look(person: true, 451).Model);
        Assert.Equal(0, Look(person: true, 449).Model);
    }

    [Fact]
    public void What_is_saved_is_saved_for_five_minutes_at_least_however_the_intensity_jumps()
    {
        Assert.Equal(1, Look(person: true, 600).Model);
        for (var i = 1; i < 300; i++)
            Assert.Equal(1, Look(person: true, 100).Model);
        Assert.Equal(0, Look(person: true, 100).Model);
    }

    [Fact]
    public void A_day_of_an_ordinary_grid_with_a_dirty_evening_steps_down_and_up_again_and_hardly_ever_changes()
    {
        var models = new List<int>();
        for (var second = 0; second < 24 * 3600; second++)
        {
            // 420 g/kWh, with solar power at noon 180 less, and 320 more towards eight in the
            // evening; with a wobble of 15.
            var hour = second / 3600.0;
            var grams = 420 - (180 * Bump(hour, 12.5, 3)) + (320 * Bump(hour, 20, 2)) + (15 * Math.Sin(second / 37.0));
            var pace = Look(person: true, grams);
            Assert.Equal(Second, pace.Interval);
            if (models.Count == 0 || models[^1] != pace.Model)
                models.Add(pace.Model);
        }

        Assert.Equal([0, 1, 2, 1, 0], models);

        static double Bump(double hour, double at, double width) => Math.Exp(-Math.Pow((hour - at) / width, 2));
    }

    [Fact]
    public void Eco_saves_all_that_the_thresholds_can_whatever_the_grid_does_and_off_saves_nothing()
    {
        _options.Eco = EcoMode.On;
        Assert.Equal(new Pace(2 * Second, 2), Look(person: true, null));
        _options.Eco = EcoMode.Off;
        _state = PacingPolicy.Start(_now);
        Assert.Equal(new Pace(Second, 0), Look(person: true, 1900));
    }

    [Fact]
    public void A_budget_is_kept_with_the_fewest_steps_that_keep_it()
    {
        // 360 g/kWh is 1e-4 g/J; 3600 frames an hour of 0.030, 0.006 and 0.0015 J are 0.0108, 0.00216 and 0.00054 g,
        // every other second 0.00027 g.
        Assert.Equal(new Pace(Second, 0), WithBudget(0.0109));
        Assert.Equal(new Pace(Second, 1), WithBudget(0.0107));
        Assert.Equal(new Pace(Second, 1), WithBudget(0.0022));
        Assert.Equal(new Pace(Second, 2), WithBudget(0.0021));
        Assert.Equal(new Pace(2 * Second, 2), WithBudget(0.0005));

        // Never slower than the longest interval, budget or not.
        Assert.Equal(new Pace(5 * Second, 2), WithBudget(0.000001));

        Pace WithBudget(double grams)
        {
            _options.BudgetGramsPerHour = grams;
            _state = PacingPolicy.Start(_now);
            return Look(person: true, 360);
        }
    }

    [Fact]
    public void An_unknown_intensity_ends_the_saving_for_it()
    {
        Assert.Equal(1, Look(person: true, 600).Model);
        _now += TimeSpan.FromMinutes(5);
        Assert.Equal(0, Look(person: true, null).Model);
    }

    [Fact]
    public void Nobody_waits_longer_than_the_longest_interval_and_one_configured_longer_is_left_alone()
    {
        _options.EmptyInterval = TimeSpan.FromMinutes(1);
        _now += TimeSpan.FromHours(1);
        Assert.Equal(5 * Second, Look(person: false, 1500).Interval);
        Assert.Equal(10 * Second, Policy(10 * Second).Next(_state, new PacingInput(_now, false, 1500)).Pace.Interval);
    }

    [Fact]
    public void Thresholds_that_do_not_ascend_are_refused_by_their_key()
    {
        _options.Thresholds = [500, 500];
        List<ValidationResult> problems = [];
        Assert.False(Validator.TryValidateObject(
            _options, new ValidationContext(_options), problems, validateAllProperties: true));
        Assert.StartsWith("Edge:Pacing:Thresholds ", Assert.Single(problems).ErrorMessage, StringComparison.Ordinal);
    }

    private PacingPolicy Policy(TimeSpan frameInterval) =>
        new(_options, frameInterval, Joules.Length, model => Joules[model]);

    /// <summary>A frame every second, whatever was asked.</summary>
    private Pace Look(bool person, double? gramsPerKwh)
    {
        (var pace, _state) = Policy(Second).Next(_state, new PacingInput(_now, person, gramsPerKwh));
        _now += Second;
        return pace;
    }
}
