using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Confluent.Kafka;
using EdgeCloud.Cli.Load;
using Spectre.Console;

namespace EdgeCloud.Cli.Commands;

/// <summary>
/// <c>load</c>: many devices at once; prints what was accepted, delivered, doubled and lost, and how long it took, as
/// seen from outside and by the edge.
/// </summary>
internal static class LoadCommand
{
    private const string Fastest = "max";
    private const double MaxFramesPerSecond = 1000;

    public static Command Create()
    {
        var photo = new Option<FileInfo>("--photo")
        {
            Description = "The JPEG to send",
            DefaultValueFactory = _ => new FileInfo(Repository.TestPhoto),
        };
        var devices = new Option<int>("--devices")
        {
            Description = "How many devices send at once",
            DefaultValueFactory = _ => 1,
        };
        var fps = new Option<double>("--fps")
        {
            Description = $"How many frames each sends a second; {Fastest} sends the next when the last is answered",
            DefaultValueFactory = _ => 1,
            CustomParser = ParseFps,
        };
        var seconds = new Option<double>("--seconds") { Description = "For how long", DefaultValueFactory = _ => 10 };
        var patience = new Option<double>("--patience")
        {
            Description = "How many seconds to wait, at the end, for the next accepted event to arrive at the server",
            DefaultValueFactory = _ => 60,
        };
        var edge = Addresses.Edge("--edge");
        var server = Addresses.Server();
        var kafka = Addresses.Kafka("Reads along there too, to tell duplicates and where a loss happened");
        photo.AcceptExistingOnly();
        devices.Validators.Add(result => Require(
            result.GetValueOrDefault<int>() is >= 1 and <= 1000, result, "--devices must lie between 1 and 1000."));
        seconds.Validators.Add(result =>
            Require(result.GetValueOrDefault<double>() > 0, result, "--seconds must be above 0."));
        patience.Validators.Add(result =>
            Require(result.GetValueOrDefault<double>() > 0, result, "--patience must be above 0."));

        var command = new Command("load", "Send frames of many devices and follow them to the "
            + "server; fails when one is lost") { photo, devices, fps, seconds, patience, edge, server, kafka };
        command.SetAction(async (parsed, cancellationToken) => await RunAsync(
            new LoadPlan
            {
                Photo = await File.ReadAllBytesAsync(parsed.GetRequiredValue(photo).FullName, cancellationToken),
                Devices = parsed.GetValue(devices),
                FramesPerSecond = parsed.GetValue(fps),
                Duration = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                Patience = TimeSpan.FromSeconds(parsed.GetValue(patience)),
                Edge = parsed.GetRequiredValue(edge),
                Server = parsed.GetRequiredValue(server),
                Kafka = parsed.GetValue(kafka),
            },
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(LoadPlan plan, CancellationToken cancellationToken)
    {
        try
        {
            using var run = new LoadRun(plan);
            var report = await run.RunAsync(cancellationToken);
            Print(plan, report);
            return report.IsGood ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            var services = $"Edge ({plan.Edge}) or server ({plan.Server})";
            Terminal.Error.MarkupLineInterpolated(
                $"[red]{services} cannot be reached:[/] {exception.Message} {Addresses.IsItUp}");
            return 1;
        }
        catch (KafkaException exception)
        {
            Terminal.Error.MarkupLineInterpolated(
                $"[red]Kafka ({plan.Kafka}) cannot be read:[/] {exception.Error.Reason}");
            return 1;
        }
    }

    private static void Print(LoadPlan plan, LoadReport report)
    {
        var accepted = report.Accepted;
        var (sent, seconds) = (accepted.Count + report.NotAccepted.Values.Sum(), report.Elapsed.TotalSeconds);
        WriteLine($"{plan.Devices} devices, {sent} frames in {seconds:F1} s");
        WriteLine($"accepted    {accepted.Count} ({accepted.Count / seconds:F1} a second)");
        foreach (var (reason, frames) in report.NotAccepted.OrderBy(one => one.Key, StringComparer.Ordinal))
            WriteLine($"            {frames} {reason}");
        var (onKafka, beforeKafka) = report.Topic is { } topic
            ? ($"{topic.Duplicates} on Kafka, ", $", of them {topic.Missing} before Kafka")
            : ("", "");
        var duplicates = report.DuplicatesAtServer is { } recognised ? $"{recognised}" : "an unknown number";
        var (delivered, unanswered) = (report.Delivered, report.DeliveredUnanswered);
        var atServer = report.CountedByServer is { } counted
            ? $"the server counts {counted} of {report.Countable}"
            : "the server does not say how many it counts";
        if (report.Topic is { } read)
        {
            var there = accepted.Count - read.Missing;
            WriteLine($"on Kafka    {there}, of them {read.Gone} on it before it was made anew");
            if (read.Problem is { } problem)
                WriteLine($"            not read to its end: {problem}");
        }

        if (report.InOutbox is { } stored)
            WriteLine($"in outbox   {stored}");
        else
            WriteLine($"in outbox   not known: the edge does not say");
        if (report.Unread > 0)
            WriteLine($"unread      {report.Unread}: Kafka confirmed them and lost them with the topic");
        if (report.Nowhere is { } nowhere)
            WriteLine($"nowhere     {nowhere}");
        WriteLine($"delivered   {delivered}, and {unanswered} whose answer did not arrive; {atServer}");
        WriteLine($"duplicates  {onKafka}{duplicates} recognised by the server");
        WriteLine($"lost        {report.Lost.Count}{beforeKafka}");
        foreach (var eventId in report.Lost.Take(10))
            WriteLine($"            {eventId}");

        var table = new Table().Border(TableBorder.None).AddColumns("ms", "p50", "p95", "p99", "max");
        AddRow(table, "reply", accepted.Select(one => one.Latency.TotalMilliseconds));
        AddRow(table, "reply to visible at the server", report.VisibleAfter.Select(after => after.TotalMilliseconds));
        foreach (var stage in accepted.SelectMany(one => one.StageMilliseconds.Keys).Distinct())
            AddRow(table, $"edge: {stage}", accepted.Where(one => one.StageMilliseconds.ContainsKey(stage))
                .Select(one => one.StageMilliseconds[stage]));
        AnsiConsole.Write(table);
    }

    private static void AddRow(Table table, string name, IEnumerable<double> milliseconds)
    {
        var sorted = milliseconds.Order().ToArray();
        if (sorted.Length > 0)
            table.AddRow([name, .. ((double[])[0.5, 0.95, 0.99, 1])
                .Select(part => sorted[(int)Math.Min(sorted.Length * part, sorted.Length - 1)].ToString(
                    "F2", CultureInfo.InvariantCulture))]);
    }

    private static void WriteLine(FormattableString text) =>
        Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private static double ParseFps(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (text == Fastest)
            return double.PositiveInfinity;
        if (double.TryParse(text, CultureInfo.InvariantCulture, out var fps) && fps is > 0 and <= MaxFramesPerSecond)
            return fps;
        result.AddError($"--fps is '{text}'; it must be above 0 and at most {MaxFramesPerSecond}, or {Fastest}.");
        return default;
    }

    private static void Require(bool holds, SymbolResult result, string message)
    {
        if (!holds)
            result.AddError(message);
    }
}
