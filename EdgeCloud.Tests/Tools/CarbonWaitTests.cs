using System.CommandLine;
using EdgeCloud.Carbon;
using EdgeCloud.Cli.Carbon;
using EdgeCloud.Cli.Commands;

namespace EdgeCloud.Tests.Tools;

public sealed class CarbonWaitTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    private readonly List<string> _said = [];

    [Fact]
    public async Task It_goes_as_soon_as_the_electricity_is_clean_enough_and_says_what_it_saw()
    {
        Assert.Equal(WaitOutcome.Go, await RunAsync(Figures(400, 300, 199.5), within: Never));
        Assert.Equal(
            ["DE 400 g/kWh (file)", "DE 300 g/kWh (file)", "DE 199.5 g/kWh (file)"],
            _said.Select(line => line[(line.IndexOf('Z', StringComparison.Ordinal) + 3)..]));
    }

    [Fact]
    public async Task The_limit_itself_is_not_below_it() =>
        Assert.Equal(WaitOutcome.GaveUp, await RunAsync(Figures(200), within: Soon));

    [Fact]
    public async Task A_source_that_comes_back_in_time_is_enough() =>
        Assert.Equal(WaitOutcome.Go, await RunAsync(
            [() => throw new IntensityUnavailableException("Nobody answers."), .. Figures(100)], within: Never));

    [Fact]
    public async Task Without_a_single_figure_there_is_no_data()
    {
        Assert.Equal(WaitOutcome.NoData, await RunAsync(
            [() => throw new IntensityUnavailableException("Nobody answers.")], within: Soon));
        Assert.Contains("Nobody answers.", _said[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_yearly_average_is_no_data_at_once() =>
        Assert.Equal(WaitOutcome.NoData, await new CarbonWait(
            IntensityProviders.Create(new CarbonOptions { Location = "NO" }, TimeProvider.System), TimeProvider.System,
            _said.Add).RunAsync(200, Never, Never, default));

    [Theory]
    [InlineData("Fixed", "150", 0)]
    [InlineData("Fixed", "250", 2)]
    [InlineData("Average", null, 3)]
    [InlineData("File", null, 1)]
    [InlineData("Nobody", null, 1)]
    [InlineData("Fixed", "0.6", 1)]
    public async Task The_exit_code_tells_a_script_what_to_do(string source, string? gramsPerKwh, int expected)
    {
        var environment = new Dictionary<string, string?>
        {
            ["Carbon__Source"] = source,
            ["Carbon__GramsPerKwh"] = gramsPerKwh,
        };
        var wait = await ChildProcess.RunAsync(
            ChildProcess.Dotnet("edgecloud", "carbon", "wait", "--below", "200", "--within", "0.001s"),
            environment: environment);
        Assert.True(expected == wait.ExitCode, $"{wait.ExitCode}: {wait.Text}");
        if (expected == 1)
            Assert.Contains("Carbon:", wait.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("1.5m", 90)]
    [InlineData("2h", 7200)]
    public void Times_are_written_with_their_unit(string text, double seconds) =>
        Assert.Equal(
            TimeSpan.FromSeconds(seconds),
            CarbonCommand.Create().Parse(["wait", "--below", "1", "--within", text]).GetValue<TimeSpan>("--within"));

    [Theory]
    [InlineData("--below", "200", "--within", "2")]
    [InlineData("--below", "200", "--within", "-2h")]
    [InlineData("--below", "0", "--within", "2h")]
    [InlineData("--below", "NaN", "--within", "2h")]
    [InlineData("--within", "2h")]
    public void What_makes_no_sense_is_refused(params string[] arguments) =>
        Assert.NotEmpty(CarbonCommand.Create().Parse(["wait", .. arguments]).Errors);

    private static List<Func<CarbonIntensity>> Figures(params double[] gramsPerKwh) =>
        [.. gramsPerKwh.Select(grams =>
            new Func<CarbonIntensity>(() => new CarbonIntensity(grams, "DE", "file", DateTimeOffset.UtcNow)))];

    private Task<WaitOutcome> RunAsync(List<Func<CarbonIntensity>> answers, TimeSpan within) =>
        new CarbonWait(new Provider(answers), TimeProvider.System, _said.Add).RunAsync(200, within, Soon, default);

    /// <summary>One answer after the other, the last again and again.</summary>
    private sealed class Provider(List<Func<CarbonIntensity>> answers) : IIntensityProvider
    {
        private int _asked;

        public Task<CarbonIntensity> ReadAsync(CancellationToken cancellationToken) =>
            Task.FromResult(answers[Math.Min(_asked++, answers.Count - 1)]());
    }
}
