using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using EdgeCloud.Carbon;
using EdgeCloud.Carbon.Pacing;
using EdgeCloud.Cli.Carbon;
using Microsoft.Extensions.Configuration;
using Spectre.Console;
using ValidationResult = System.ComponentModel.DataAnnotations.ValidationResult;

namespace EdgeCloud.Cli.Commands;

/// <summary>
/// <c>carbon wait</c>: lets a deployment wait for clean electricity. Exit code 0: go; 1: called wrongly; 2: it did not
/// become clean in time; 3: nobody knows how clean it is. <c>carbon simulate</c>: a day of one camera, paced and not.
/// </summary>
internal static class CarbonCommand
{
    private const int CalledWrongly = 1;

    private static readonly (TimeSpan From, TimeSpan To)[] OfficeDay =
    [
        (new(8, 30, 0), new(12, 0, 0)), (new(13, 0, 0), new(17, 30, 0)), (new(20, 15, 0), new(20, 17, 0)),
        (new(23, 40, 0), new(23, 40, 30)),
    ];

    public static Command Create() =>
        new("carbon", "Act on the carbon intensity of the electricity") { Wait(), Simulate() };

    private static Command Wait()
    {
        var below = new Option<double>("--below")
        {
            Description = "Go when the carbon intensity is below this, g/kWh",
            Required = true,
            HelpName = "g/kWh",
        };
        var within = new Option<TimeSpan>("--within")
        {
            Description = "Give up after this long, as 90s, 30m or 2h",
            Required = true,
            HelpName = "time",
            CustomParser = Durations.Parse,
        };
        var every = new Option<TimeSpan>("--every")
        {
            Description = "How often to look",
            HelpName = "time",
            CustomParser = Durations.Parse,
            DefaultValueFactory = _ => TimeSpan.FromMinutes(1),
        };
        below.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and < double.PositiveInfinity))
                result.AddError("--below must be above 0.");
        });
        var command = new Command("wait", "Wait for clean electricity; the source is named by the services' own "
            + "settings, Carbon__Source and so on. Exit code 0: go, 2: gave up, 3: no data")
        {
            below, within, every,
        };
        command.SetAction((parsed, cancellationToken) =>
            WaitAsync(parsed.GetValue(below), parsed.GetValue(within), parsed.GetValue(every), cancellationToken));
        return command;
    }

    private static async Task<int> WaitAsync(
        double below, TimeSpan within, TimeSpan every, CancellationToken cancellationToken)
    {
        if (Options() is not { } options)
            return CalledWrongly;
        var outcome = await new CarbonWait(
            IntensityProviders.Create(options, TimeProvider.System), TimeProvider.System, Console.WriteLine)
            .RunAsync(below, within, every, cancellationToken);
        AnsiConsole.MarkupLine(outcome switch
        {
            WaitOutcome.Go => "[green]Go.[/]",
            WaitOutcome.GaveUp => $"[yellow]Gave up:[/] not below {below} g/kWh within {within}.",
            _ => "[yellow]No data.[/]",
        });
        return (int)outcome;
    }

    private static Command Simulate()
    {
        var file = new Option<FileInfo>("--intensity")
        {
            Description = "A day of carbon intensities in the Carbon Aware SDK's JSON format; left out, "
                + "one made from a yearly average",
        };
        var location = new Option<string>("--location")
        {
            Description = "The place in that file, or the country of the yearly average",
            DefaultValueFactory = _ => "DE",
        };
        var pose = new Option<string>("--pose") { Description = "The pose model", DefaultValueFactory = _ => "lite" };
        var faces =
            new Option<string>("--faces") { Description = "The face models", DefaultValueFactory = _ => "both" };
        var cpus = new Option<double>("--cpus")
        {
            Description = "Hardware threads reserved for the edge",
            DefaultValueFactory = _ => 1,
        };
        var memory = new Option<double>("--memory")
        {
            Description = "GB of memory reserved for it",
            DefaultValueFactory = _ => 0.5,
        };
        var budget =
            new Option<double?>("--budget") { Description = "g CO2e that the camera's frames may emit in an hour" };
        var eco =
            new Option<EcoMode>("--eco") { Description = "Whether to save: by the carbon intensity, always or never" };
        var hour = new Option<int?>("--hour")
        {
            Description = "Only the hour that begins then, with 1, 5 and 15 frames a second, "
                + "with and without motion gate and pacing",
        };
        hour.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is not (null or (>= 0 and <= 23)))
                result.AddError("--hour must lie between 0 and 23.");
        });
        pose.AcceptOnlyFromAmong("off", "lite", "full", "heavy");
        faces.AcceptOnlyFromAmong("short", "full", "both");
        file.AcceptExistingOnly();
        foreach (var amount in new[] { cpus, memory })
        {
            amount.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<double>() is not (>= 0 and <= 4096))
                    result.AddError($"{amount.Name} must lie between 0 and 4096.");
            });
        }

        var command = new Command("simulate", "A day of one camera in a second: "
            + "what pacing saves, and what it cannot") { file, location, pose, faces, cpus, memory, budget, eco, hour };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (Options() is not { } options)
                return CalledWrongly;
            try
            {
                var place = parsed.GetRequiredValue(location);
                var (grams, source) = await DayAsync(parsed.GetValue(file), place, cancellationToken);
                var report = new SimulationReport(new SimulationPlan
                {
                    Pacing =
                        new PacingOptions { BudgetGramsPerHour = parsed.GetValue(budget), Eco = parsed.GetValue(eco) },
                    FrameCpu = FrameCpu(parsed.GetRequiredValue(faces), parsed.GetRequiredValue(pose)),
                    GramsPerKwh = grams,
                    Presence = OfficeDay,
                    Processor = ProcessorPower.OfThisMachine(options),
                    ReservedCpus = parsed.GetValue(cpus),
                    ReservedGigabytes = parsed.GetValue(memory),
                    EmbodiedGramsPerCpuHour = options.EmbodiedGramsPerCpuHour,
                });
                Console.WriteLine(
                    parsed.GetValue(hour) is { } begins ? report.Hour(begins, source) : report.Text(source));
                return 0;
            }
            catch (Exception exception) when (exception is IntensityUnavailableException or IOException)
            {
                Terminal.Error.MarkupLineInterpolated($"[red]No day to simulate:[/] {exception.Message}");
                return CalledWrongly;
            }
        });
        return command;
    }

    /// <returns>Of the configured models, then of those that the edge saves with, step by step.</returns>
    private static TimeSpan[] FrameCpu(string faces, string pose)
    {
        TimeSpan[] shortRange = pose switch
        {
            "off" => [FrameCpuTime.Off],
            "lite" => [FrameCpuTime.Lite, FrameCpuTime.Off],
            "full" => [FrameCpuTime.Full, FrameCpuTime.Lite, FrameCpuTime.Off],
            _ => [FrameCpuTime.Heavy, FrameCpuTime.Lite, FrameCpuTime.Off],
        };
        return faces switch
        {
            "short" => shortRange,
            "full" => [.. shortRange.Select(cpu => cpu - FrameCpuTime.ShortRangeFaces + FrameCpuTime.FullRangeFaces)],
            _ => [shortRange[0] + FrameCpuTime.FullRangeFaces, .. shortRange],
        };
    }

    private static async Task<(Func<TimeSpan, double> GramsPerKwh, string Source)> DayAsync(
        FileInfo? file, string location, CancellationToken cancellationToken)
    {
        if (file is null)
        {
            var average = GridAverages.Of(location);
            return (
                IntensityDay.Typical(average.GramsPerKwh),
                $"{average.Location}, a synthetic day around the yearly average of {average.GramsPerKwh} g/kWh");
        }

        var (grams, day) = IntensityDay.Of(
            Emissions.Parse(await File.ReadAllBytesAsync(file.FullName, cancellationToken), file.Name), location);
        return (grams, $"{location}, {day:yyyy-MM-dd} of {file.Name}");
    }

    /// <returns>The services' own settings, from the environment; null when they cannot be, which has
    /// then been said.</returns>
    private static CarbonOptions? Options()
    {
        var options = new CarbonOptions();
        List<ValidationResult> problems = [];
        try
        {
            new ConfigurationBuilder()
                .AddEnvironmentVariables().Build().GetSection(CarbonOptions.Section).Bind(options);
            Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true);
        }
        catch (InvalidOperationException exception)
        {
            problems.Add(new ValidationResult(exception.Message));
        }

        foreach (var problem in problems)
            Terminal.Error.MarkupLineInterpolated(
                $"[red]{problem.ErrorMessage}[/] In the environment the colon is written as two underscores.");
        return problems.Count == 0 ? options : null;
    }
}
