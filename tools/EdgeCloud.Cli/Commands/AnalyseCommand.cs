using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using EdgeCloud.Cli.Analysis;
using EdgeCloud.Cli.Deployment;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Inference;
using Spectre.Console;

namespace EdgeCloud.Cli.Commands;

/// <summary><c>analyse</c>: the events of a video, and how many persons there were when.</summary>
internal static class AnalyseCommand
{
    public static Command Create()
    {
        var video = new Argument<FileInfo>("video") { Description = "A video file that ffmpeg can read" };
        var output = new Option<FileInfo?>("--out")
        {
            Description = "Where the events go, one JSON document a line; left out, only the summary is made",
            HelpName = "events.jsonl",
        };
        var csv = new Option<FileInfo?>("--csv")
        {
            Description = "Where the persons of each second go; left out, beside the events",
            HelpName = "persons.csv",
        };
        var fps = new Option<double?>("--fps")
        {
            Description = "Look at so many frames a second at most; left out, at every one",
        };
        var device = new Option<string>("--device")
        {
            Description = "The events' device id",
            DefaultValueFactory = _ => "video",
        };
        var faces = new Option<FaceRange>("--faces")
        {
            Description = "The face models",
            DefaultValueFactory = _ => FaceRange.Both,
        };
        var pose = new Option<PoseMode>("--pose")
        {
            Description = "The pose model",
            DefaultValueFactory = _ => PoseMode.Lite,
        };
        video.AcceptExistingOnly();
        faces.AcceptOnlyFromAmong("short", "full", "both");
        pose.AcceptOnlyFromAmong("off", "lite", "full", "heavy");
        fps.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is not (null or (>= 0.001 and <= 1000)))
                result.AddError("--fps must lie between 0.001 and 1000.");
        });
        device.Validators.Add(result =>
        {
            if (!DeviceId.IsValid(result.GetValueOrDefault<string>()))
                result.AddError($"--device breaks the rule: {DeviceId.Rule}.");
        });
        var command = new Command("analyse", "Find the persons in a video, as fast as the machine goes, without a "
            + "running system: an event for each frame, and a summary")
        {
            video, output, csv, fps, device, faces, pose,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new Plan(
                parsed.GetRequiredValue(video).FullName, parsed.GetValue(output)?.FullName,
                parsed.GetValue(csv)?.FullName, parsed.GetValue(fps), parsed.GetRequiredValue(device),
                new InferenceOptions { FaceRange = parsed.GetValue(faces), Pose = parsed.GetValue(pose) }),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Plan plan, CancellationToken cancellationToken)
    {
        try
        {
            string[] files = [plan.Video, .. new[] { plan.Events, plan.Csv }.OfType<string>()];
            if (files.Distinct().Count() < files.Length)
                throw new DeploymentException("The video, --out and --csv must be different files.");
            var video = await VideoFile.OpenAsync(plan.Video, cancellationToken);
            var start = video.Created ?? DateTimeOffset.UnixEpoch;
            var began = Stopwatch.GetTimestamp();
            var persons = await AnalyseAsync(plan, video, start, cancellationToken);
            if (plan.Csv is not null)
                await File.WriteAllTextAsync(plan.Csv, persons.Csv(start), cancellationToken);
            Console.Write(persons.Text());
            Console.WriteLine(Speed(persons.All.Frames, Stopwatch.GetElapsedTime(began), video));
            foreach (var (what, where) in new[] { ("Events", plan.Events), ("Persons of each second", plan.Csv) })
            {
                if (where is not null)
                    Console.WriteLine($"{what}: {where}");
            }

            return 0;
        }
        catch (Exception exception) when (exception
            is DeploymentException or ModelLoadException or IOException or UnauthorizedAccessException)
        {
            Terminal.Error.MarkupLineInterpolated($"[red]Not analysed.[/] {exception.Message}");
            return 1;
        }
    }

    private static async Task<PersonsOverTime> AnalyseAsync(
        Plan plan, VideoFile video, DateTimeOffset start, CancellationToken cancellationToken)
    {
        using var analysis = new VideoAnalysis(plan.Options, plan.DeviceId, start);
        if (Console.IsErrorRedirected)
            return await AnalyseAsync(plan, video, analysis, static _ => { }, cancellationToken);
        return await Terminal.Error.Progress().AutoClear(true).StartAsync(progress =>
        {
            var task = progress.AddTask(Path.GetFileName(video.Path), maxValue: video.Duration?.TotalSeconds ?? 1);
            task.IsIndeterminate = video.Duration is null;
            return AnalyseAsync(plan, video, analysis, time => task.Value = time.TotalSeconds, cancellationToken);
        });
    }

    /// <summary>The events' file has its name only once it has all of them.</summary>
    private static async Task<PersonsOverTime> AnalyseAsync(
        Plan plan, VideoFile video, VideoAnalysis analysis, Action<TimeSpan> progress,
        CancellationToken cancellationToken)
    {
        var persons = new PersonsOverTime();
        var unfinished = plan.Events + ".part";
        await using (var events = plan.Events is null ? Stream.Null : File.Create(unfinished))
        {
            await foreach (var (time, found) in analysis.RunAsync(
                video.ReadAsync(plan.Fps, WarnOfDamage, cancellationToken)))
            {
                await events.WriteAsync(DetectionEventJson.Write(found), cancellationToken);
                events.WriteByte((byte)'\n');
                persons.Add(time, found.PersonsDetected);
                progress(time);
            }
        }

        if (plan.Events is not null)
            File.Move(unfinished, plan.Events, overwrite: true);
        return persons;
    }

    private static void WarnOfDamage(string problem) =>
        Terminal.Error.MarkupLineInterpolated($"[yellow]Not all of the video can be decoded:[/] {problem}");

    private static string Speed(long frames, TimeSpan took, VideoFile video) => string.Create(
        CultureInfo.InvariantCulture,
        $"{frames} frames in {took.TotalSeconds:0.0} s, {frames / took.TotalSeconds:0.#} a second")
        + (video.Duration is { } duration
            ? string.Create(CultureInfo.InvariantCulture, $", {duration / took:0.#} times as fast as they are shown.")
            : ".");

    /// <param name="Video">The file.</param>
    /// <param name="Events">Where they go, if anywhere.</param>
    /// <param name="CsvFile">Where the persons of each second go; null puts them beside the events.</param>
    /// <param name="Fps">Frames a second at most.</param>
    /// <param name="DeviceId">Of the events.</param>
    /// <param name="Options">Which models.</param>
    private sealed record Plan(
        string Video, string? Events, string? CsvFile, double? Fps, string DeviceId, InferenceOptions Options)
    {
        public string? Csv => CsvFile ?? (Events is null ? null : Path.ChangeExtension(Events, ".csv"));
    }
}
