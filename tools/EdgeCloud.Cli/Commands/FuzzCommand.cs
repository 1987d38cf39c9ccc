using System.CommandLine;
using System.Globalization;
using EdgeCloud.Cli.Fuzzing;
using Spectre.Console;

namespace EdgeCloud.Cli.Commands;

/// <summary><c>fuzz</c>: sends damaged frames and damaged events to a running system, and fails when it does anything but refuse them.</summary>
internal static class FuzzCommand
{
    public static Command Create()
    {
        var seconds = new Option<double>("--seconds") { Description = "For how long", DefaultValueFactory = _ => 60 };
        var seed = new Option<int?>("--seed") { Description = "Decides every input; any when left out" };
        var input = new Option<FileInfo>("--input") { Description = "Sends this file, which an earlier run wrote, and nothing else" };
        var findings = new Option<string>("--findings") { Description = "The folder for inputs that break something", DefaultValueFactory = _ => "fuzz-findings" };
        var edge = Addresses.Edge("--edge");
        var server = Addresses.Server();
        var kafka = Addresses.Kafka("Sends damaged events there too");
        input.AcceptExistingOnly();
        seconds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and <= 1_000_000))
                result.AddError("--seconds must be above 0 and at most 1000000.");
        });

        var command = new Command("fuzz", "Send damaged frames and events to a system that nobody else uses, and look for anything but a refusal") { seconds, seed, input, findings, edge, server, kafka };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var file = parsed.GetValue(input);
            return await RunAsync(
                new FuzzPlan
                {
                    Edge = parsed.GetRequiredValue(edge),
                    Server = parsed.GetRequiredValue(server),
                    Kafka = parsed.GetValue(kafka),
                    KnownGood = await File.ReadAllBytesAsync(Repository.TestPhoto, cancellationToken),
                    Seed = parsed.GetValue(seed) ?? Random.Shared.Next(),
                    Duration = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                    Rounds = file is null ? int.MaxValue : 1,
                    Only = file is null ? [] : [FuzzInput.Read(file)],
                    FindingsFolder = parsed.GetRequiredValue(findings),
                },
                cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(FuzzPlan plan, CancellationToken cancellationToken)
    {
        try
        {
            if (plan.Only.Count == 0)
                WriteLine($"seed {plan.Seed}");
            using var run = new FuzzRun(plan);
            var report = await run.RunAsync(cancellationToken);
            Print(report);
            return report.Findings.Count == 0 ? 0 : 1;
        }
        catch (HttpRequestException exception)
        {
            AnsiConsole.MarkupInterpolated($"[red]Edge ({plan.Edge}) or server ({plan.Server}) cannot be reached:[/] ");
            AnsiConsole.MarkupLineInterpolated($"{exception.Message} {Addresses.IsItUp}");
            return 1;
        }
    }

    private static void Print(FuzzReport report)
    {
        var inputs = report.Outcomes.Values.Sum();
        WriteLine($"{inputs} inputs in {report.Elapsed.TotalSeconds:F0} s, {inputs / report.Elapsed.TotalSeconds:F0} a second");
        foreach (var (outcome, count) in report.Outcomes.OrderBy(one => one.Key, StringComparer.Ordinal))
            WriteLine($"  {outcome,-20} {count}");
        PrintMemory("edge", [.. report.Memory.Select(memory => memory.EdgeBytes)]);
        PrintMemory("server", [.. report.Memory.Select(memory => memory.ServerBytes)]);
        WriteLine($"{report.Findings.Count} findings");
        foreach (var finding in report.Findings)
            WriteLine($"  {finding.Problem}: {finding.Files.FirstOrDefault()}{(finding.Files.Count > 1 ? $" and {finding.Files.Count - 1} more" : "")}");
    }

    /// <summary>From the first round to the last in quarters: what grows to the end may well go on.</summary>
    private static void PrintMemory(string service, long[] bytes)
    {
        if (bytes.Length > 0)
            WriteLine($"resident memory of the {service} in MB: {string.Join(" -> ", Enumerable.Range(0, 5).Select(quarter => bytes[(bytes.Length - 1) * quarter / 4] / 1_000_000))}");
    }

    private static void WriteLine(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
