using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using EdgeCloud.Cli.Deployment;

namespace EdgeCloud.Cli.Analysis;

/// <summary>A video, decoded by ffmpeg.</summary>
/// <param name="Path">The file.</param>
/// <param name="Duration">As it says itself; null when it does not.</param>
/// <param name="Created">Likewise.</param>
internal sealed partial record VideoFile(string Path, TimeSpan? Duration, DateTimeOffset? Created)
{
    /// <summary>Nothing that a file names is fetched from elsewhere.</summary>
    private static readonly string[] OnlyFiles = ["-protocol_whitelist", "file,pipe"];

    private static readonly Tool Ffmpeg = Named("ffmpeg");

    private static readonly Tool Ffprobe = Named("ffprobe");

    /// <exception cref="DeploymentException">There is no ffmpeg, or no video in the file.</exception>
    public static async Task<VideoFile> OpenAsync(string path, CancellationToken cancellationToken)
    {
        using var found = JsonDocument.Parse(await Ffprobe.ReadAsync(
            [
                "-v", "error", .. OnlyFiles, "-select_streams", "v:0", "-show_entries",
                "format=duration:format_tags=creation_time:stream=index", "-of", "json", $"file:{path}",
            ],
            cancellationToken));
        if (found.RootElement.GetProperty("streams").GetArrayLength() == 0)
            throw new DeploymentException($"{path} has no video.");
        var format = found.RootElement.GetProperty("format");
        return new VideoFile(
            path,
            format.TryGetProperty("duration", out var text) && double.TryParse(
                text.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
                ? TimeSpan.FromSeconds(seconds) : null,
            format.TryGetProperty("tags", out var tags) && tags.TryGetProperty("creation_time", out text)
                && text.TryGetDateTimeOffset(out var created) ? created : null);
    }

    /// <param name="fps">At most so many pictures a second; null takes all.</param>
    /// <param name="damaged">Is told, at the end, why not all could be decoded.</param>
    /// <param name="cancellationToken">Ends ffmpeg.</param>
    /// <returns>The pictures in the order in which they are shown; whoever gets one disposes it.</returns>
    /// <exception cref="DeploymentException">ffmpeg cannot decode any of them, or has given up.</exception>
    public async IAsyncEnumerable<VideoFrame> ReadAsync(
        double? fps, Action<string> damaged, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var process = Ffmpeg.Start(Arguments(fps), start =>
            (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true));
        using var kill = cancellationToken.UnsafeRegister(
            static process => ((Process)process!).Kill(entireProcessTree: true), process);
        try
        {
            var shown = Channel.CreateUnbounded<(TimeSpan Time, int Width, int Height)>();
            var frames = 0L;
            var problems = ListenAsync(process.StandardError, shown.Writer);
            await foreach (var (time, width, height) in shown.Reader.ReadAllAsync(cancellationToken))
            {
                var frame = new VideoFrame(time, width, height);
                if (await process.StandardOutput.BaseStream.ReadAtLeastAsync(
                    frame.Bytes, frame.Bytes.Length, throwOnEndOfStream: false, cancellationToken) < frame.Bytes.Length)
                {
                    frame.Dispose();
                    break;
                }

                frames++;
                yield return frame;
            }

            await process.WaitForExitAsync(cancellationToken);
            var problem = await problems;
            if (frames == 0 || process.ExitCode != 0)
                throw new DeploymentException($"ffmpeg cannot decode {Path}: {problem ?? "it has no pictures."}");
            if (problem is not null)
                damaged(problem);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static Tool Named(string command) => new(command, "Install the package ffmpeg, 5.1 or later.");

    private string[] Arguments(double? fps)
    {
        // A little less than the interval, since times are rounded in most files.
        var interval = (0.95 / fps)?.ToString("0.######", CultureInfo.InvariantCulture);
        var chosen = interval is null ? "" : $@"select=isnan(prev_selected_t)+gte(t-prev_selected_t\,{interval}),";
        return
        [
            "-hide_banner", "-nostats", "-nostdin", "-loglevel", "level+info", .. OnlyFiles, "-i", $"file:{Path}",
            "-map", "0:v:0", "-vf", $"{chosen}format=bgr24,settb=1/1000000,showinfo=checksum=0",
            "-fps_mode", "passthrough", "-f", "rawvideo", "pipe:1",
        ];
    }

    /// <returns>The first error that ffmpeg tells; null when there is none.</returns>
    private static async Task<string?> ListenAsync(
        StreamReader said, ChannelWriter<(TimeSpan Time, int Width, int Height)> shown)
    {
        string? problem = null;
        var time = TimeSpan.Zero;
        while (await said.ReadLineAsync() is { } line)
        {
            if (Shown().Match(line) is { Success: true } match)
            {
                // A picture without a time of its own has that of the one before.
                time = long.TryParse(match.Groups["time"].Value, CultureInfo.InvariantCulture, out var microseconds)
                    ? TimeSpan.FromMicroseconds(microseconds) : time;
                shown.TryWrite((time, Number(match, "width"), Number(match, "height")));
            }
            else if (Error().Match(line) is { Success: true } error)
            {
                problem ??= error.Groups["message"].Value;
            }
        }

        shown.Complete();
        return problem;
    }

    private static int Number(Match match, string group) =>
        int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    /// <summary>What the filter showinfo says of a picture.</summary>
    [GeneratedRegex(
        @"^\[Parsed_showinfo\S* @ \S+\] \[info\] n: *[0-9]+ pts: *(?<time>\S+) "
        + ".* s:(?<width>[0-9]+)x(?<height>[0-9]+) ")]
    private static partial Regex Shown();

    [GeneratedRegex(@"\[(error|fatal|panic)\] (?<message>.+)")]
    private static partial Regex Error();
}
